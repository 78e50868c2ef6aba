package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec.NatConnectionSpec;
import net.nvgate.fabric.manager.FabricSpec.NatRuleSpec;
import net.nvgate.fabric.manager.FabricSpec.NicSpec;
import net.nvgate.fabric.manager.FabricSpec.VmSpec;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** Rules of VMs and of NAT. */
final class WorkloadPlans {

    private WorkloadPlans() {}

    static Vm vm(Draft draft, VmSpec spec) {
        Host host = draft.named(Host.class, spec.hostId(), Kind.VM, "hostId");
        Rules.range(Kind.VM.label(), "nics", spec.nics().size(), 0, Vm.NICS_MAX);
        List<Vm.Nic> nics = new ArrayList<>(spec.nics().size());
        for (NicSpec nic : spec.nics()) {
            nics.add(nic(draft, host, nic, nics.size()));
        }
        return draft.put(new Vm(draft.newId(), spec.name(), spec.description(), host.id(), nics, 0, 0));
    }

    private static Vm.Nic nic(Draft draft, Host host, NicSpec spec, int position) {
        String field = "nics[" + position + "].";
        VmSubnet subnet = draft.named(VmSubnet.class, spec.vmSubnetId(), Kind.VM, field + "vmSubnetId");
        VmNetwork network = draft.get(VmNetwork.class, subnet.vmNetworkId());
        TenantPlans.checkReach(draft, network, host.paPoolId(), host.id(), Kind.VM, "hostId");
        IpPool pool = draft.get(IpPool.class, subnet.ipPoolId());
        IpAddress address = spec.address()
                .map(wanted -> Rules.usable(Kind.VM.label(), field + "address", wanted, subnet.prefix()))
                .orElseGet(() -> draft.allocation()
                        .address(
                                pool,
                                free -> UniqueKeys.customerAddress(network.rdid(), free),
                                Kind.VM,
                                field + "address"));
        return new Vm.Nic(
                draft.newId(),
                spec.name().orElse("nic" + position),
                subnet.id(),
                address,
                spec.mac().orElseGet(() -> draft.allocation().mac(Kind.VM, field + "mac")));
    }

    static Vm move(Draft draft, UUID vmId, UUID hostId) {
        Vm vm = draft.existing(Vm.class, vmId);
        Host host = draft.named(Host.class, hostId, Kind.VM, "hostId");
        for (Vm.Nic nic : vm.nics()) {
            VmSubnet subnet = draft.get(VmSubnet.class, nic.vmSubnetId());
            VmNetwork network = draft.get(VmNetwork.class, subnet.vmNetworkId());
            TenantPlans.checkReach(draft, network, host.paPoolId(), host.id(), Kind.VM, "hostId");
        }
        return vm.hostId().equals(hostId) ? vm : draft.put(vm.movedTo(hostId));
    }

    static NatConnection natConnection(Draft draft, NatConnectionSpec spec) {
        Kind kind = Kind.NAT_CONNECTION;
        VmNetworkGateway attachment =
                draft.named(VmNetworkGateway.class, spec.vmNetworkGatewayId(), kind, "vmNetworkGatewayId");
        Gateway gateway = draft.get(Gateway.class, attachment.gatewayId());
        UUID poolId = spec.externalPoolId().orElse(gateway.externalPoolId());
        IpPool pool = PhysicalPlans.sitePool(draft, poolId, false, kind, "externalPoolId");
        checkSegment(draft, pool, gateway);
        return draft.put(new NatConnection(
                draft.newId(),
                spec.name(),
                spec.description(),
                attachment.id(),
                pool.id(),
                PhysicalPlans.externalAddress(draft, pool, spec.externalAddress(), kind),
                spec.portMin().orElse(NatConnection.PORT_MIN),
                spec.portMax().orElse(NatConnection.PORT_MAX),
                0,
                0));
    }

    /** Packets to the pool's addresses must come in at the gateway's external port: same logical network, same VLAN. */
    private static void checkSegment(Draft draft, IpPool pool, Gateway gateway) {
        IpPool own = draft.get(IpPool.class, gateway.externalPoolId());
        LogicalNetwork network = PhysicalPlans.logicalNetwork(draft, own);
        int vlanId = PhysicalPlans.vlanId(draft, own);
        boolean reached = network.equals(PhysicalPlans.logicalNetwork(draft, pool))
                && vlanId == PhysicalPlans.vlanId(draft, pool);
        if (!reached) {
            throw Draft.refusal(
                    INVALID,
                    Kind.NAT_CONNECTION,
                    "externalPoolId",
                    pool.id(),
                    "must be the id of an ip-pool that the external port of gateway '" + gateway.name()
                            + "' is on: VLAN " + vlanId + " of logical-network '" + network.name() + "'");
        }
    }

    static NatRule natRule(Draft draft, NatRuleSpec spec) {
        Kind kind = Kind.NAT_RULE;
        NatConnection connection = draft.named(NatConnection.class, spec.natConnectionId(), kind, "natConnectionId");
        UUID vmNetworkId = draft.get(VmNetworkGateway.class, connection.vmNetworkGatewayId())
                .vmNetworkId();
        IpAddress target = spec.internalAddress();
        VmSubnet subnet = draft.index()
                .subnetHolding(vmNetworkId, target)
                .orElseThrow(() -> Draft.refusal(
                        INVALID,
                        kind,
                        "internalAddress",
                        target,
                        "must be in a subnet of " + draft.describe(vmNetworkId)));
        Rules.usable(kind.label(), "internalAddress", target, subnet.prefix());
        if (target.bits() != 32 || target.equals(subnet.defaultGateway())) {
            throw Draft.refusal(
                    INVALID, kind, "internalAddress", target, "must be the IPv4 address of a VM, not of the router");
        }
        return draft.put(new NatRule(
                draft.newId(),
                spec.name(),
                spec.description(),
                connection.id(),
                spec.protocol(),
                spec.externalPort(),
                target,
                spec.internalPort(),
                0,
                0));
    }
}
