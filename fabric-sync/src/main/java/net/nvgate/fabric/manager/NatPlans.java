package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.NatSpec.NatConnectionSpec;
import net.nvgate.fabric.manager.NatSpec.NatExemptionSpec;
import net.nvgate.fabric.manager.NatSpec.NatOneToOneSpec;
import net.nvgate.fabric.manager.NatSpec.NatRuleSpec;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LimitMode;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/**
 * Rules of address translation. What uses one external address is checked as a whole, so each change of it passes the
 * guard of the address.
 */
final class NatPlans {

    private static final String GUARD = "external";
    private static final String VLAN_GUARD = "targets-of-interface";

    private NatPlans() {}

    static NatConnection natConnection(Draft draft, NatConnectionSpec spec) {
        Kind kind = Kind.NAT_CONNECTION;
        VmNetworkGateway attachment =
                draft.named(VmNetworkGateway.class, spec.vmNetworkGatewayId(), kind, "vmNetworkGatewayId");
        PhysicalPlans.checkTranslates(draft, attachment, kind, "vmNetworkGatewayId");
        IpPool pool = pool(draft, attachment, spec.externalPoolId(), kind);
        NatConnection made = new NatConnection(
                draft.meta(spec),
                attachment.id(),
                pool.id(),
                PhysicalPlans.externalChoice(draft, pool, spec.externalAddress(), kind),
                spec.portMin().orElse(NatConnection.PORT_MIN),
                spec.portMax().orElse(NatConnection.PORT_MAX),
                spec.sourcePrefixes(),
                spec.filtering().orElse(NatSettings.DEFAULT.filtering()),
                spec.timeouts().orElse(NatSettings.DEFAULT.timeouts()),
                spec.portBlockSize().orElse(NatSettings.DEFAULT.portBlockSize()),
                spec.deterministicPrefixes(),
                spec.algs().orElse(NatSettings.DEFAULT.algs()),
                spec.maximumBandwidthInboundKbps().orElse(0),
                spec.maximumBandwidthOutboundKbps().orElse(0),
                spec.limitMode().orElse(LimitMode.POLICE));
        check(draft, made);
        return draft.put(made);
    }

    /** The gateway's external pool, or another one whose addresses come in at its external port. */
    static IpPool pool(Draft draft, VmNetworkGateway attachment, Optional<UUID> wanted, Kind kind) {
        Gateway gateway = draft.get(Gateway.class, attachment.gatewayId());
        UUID id = wanted.orElse(gateway.externalPoolId());
        IpPool pool = PhysicalPlans.sitePool(draft, id, false, 32, kind, "externalPoolId");
        IpPool own = draft.get(IpPool.class, gateway.externalPoolId());
        LogicalNetwork network = PhysicalPlans.logicalNetwork(draft, own);
        int vlanId = PhysicalPlans.vlanId(draft, own);
        boolean reached = network.equals(PhysicalPlans.logicalNetwork(draft, pool))
                && vlanId == PhysicalPlans.vlanId(draft, pool);
        if (!reached) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "externalPoolId",
                    pool.id(),
                    "must be the id of an ip-pool that the external port of gateway '" + gateway.name()
                            + "' is on: VLAN " + vlanId + " of logical-network '" + network.name() + "'");
        }
        return pool;
    }

    /** Only NAT connections of one gateway share an address, each with ports of its own. */
    static void check(Draft draft, NatConnection connection) {
        IpAddress address = connection.externalAddress();
        Nat64Plans.check(draft, connection);
        draft.guard(GUARD, address);
        UUID gateway = gatewayId(draft, connection.vmNetworkGatewayId());
        for (UUID id : draft.index().external().owners(address)) {
            FabricObject owner = draft.find(id).orElseThrow();
            boolean sharing = owner instanceof NatConnection other
                    && (other.id().equals(connection.id())
                            || (gatewayId(draft, other.vmNetworkGatewayId()).equals(gateway)
                                    && !other.hasPorts(connection.portMin(), connection.portMax())));
            if (!sharing) {
                throw Draft.refusal(
                        CONFLICT,
                        Kind.NAT_CONNECTION,
                        "externalAddress",
                        address,
                        "is already used by " + draft.describe(id)
                                + "; NAT connections of one gateway share an address only with disjoint ports");
            }
        }
        draft.index()
                .external()
                .foreignRule(address, connection.portMin(), connection.portMax(), connection.id())
                .ifPresent(rule -> {
                    throw Draft.refusal(
                            CONFLICT,
                            Kind.NAT_CONNECTION,
                            "portMin",
                            connection.portMin() + "-" + connection.portMax(),
                            "must not have a port of " + draft.describe(rule.id()) + " of another NAT connection");
                });
    }

    private static UUID gatewayId(Draft draft, UUID vmNetworkGatewayId) {
        return draft.get(VmNetworkGateway.class, vmNetworkGatewayId).gatewayId();
    }

    static NatRule natRule(Draft draft, NatRuleSpec spec) {
        NatConnection connection =
                draft.named(NatConnection.class, spec.natConnectionId(), Kind.NAT_RULE, "natConnectionId");
        NatRule made = new NatRule(
                draft.meta(spec),
                connection.id(),
                spec.protocol(),
                spec.externalPort(),
                spec.internalAddress(),
                spec.internalPort(),
                spec.portCount().orElse(1),
                spec.remotePrefixes());
        check(draft, made);
        return draft.put(made);
    }

    /** No other rule may apply to the same packet, and no other connection may give the ports to its own tenant. */
    static void check(Draft draft, NatRule rule) {
        NatConnection connection = draft.get(NatConnection.class, rule.natConnectionId());
        IpAddress address = connection.externalAddress();
        Nat64Plans.check(draft, rule, connection);
        checkTarget(draft, connection.vmNetworkGatewayId(), rule.internalAddress(), Kind.NAT_RULE);
        if (rule.remotePrefixes().stream().anyMatch(prefix -> prefix.address().bits() != address.bits())) {
            throw Draft.refusal(
                    INVALID,
                    Kind.NAT_RULE,
                    "remotePrefixes",
                    rule.remotePrefixes(),
                    "must be of the family of " + address);
        }
        draft.guard(GUARD, address);
        String ports = address + " " + rule.protocol() + " " + ports(rule);
        draft.index().external().overlapping(address, rule).ifPresent(other -> {
            throw Draft.refusal(
                    CONFLICT,
                    Kind.NAT_RULE,
                    "externalPort",
                    ports,
                    "is already used by " + draft.describe(other.id()) + " for the same remote addresses");
        });
        for (UUID id : draft.index().external().owners(address)) {
            boolean foreign = draft.find(id).orElseThrow() instanceof NatConnection other
                    && !other.id().equals(connection.id())
                    && other.hasPorts(rule.externalPort(), rule.externalPortLast());
            if (foreign) {
                throw Draft.refusal(
                        CONFLICT,
                        Kind.NAT_RULE,
                        "externalPort",
                        ports,
                        "is among the ports of " + draft.describe(id) + ", which shares the address");
            }
        }
    }

    private static String ports(NatRule rule) {
        return rule.portCount() == 1
                ? Integer.toString(rule.externalPort())
                : rule.externalPort() + "-" + rule.externalPortLast();
    }

    /** A target of translation is a VM: an address in a subnet of the VM network, not the router's; only rules lead to IPv6. */
    private static void checkTarget(Draft draft, UUID vmNetworkGatewayId, IpAddress target, Kind kind) {
        UUID vmNetworkId = draft.get(VmNetworkGateway.class, vmNetworkGatewayId).vmNetworkId();
        if (target.bits() != 32 && kind != Kind.NAT_RULE) {
            throw Draft.refusal(
                    INVALID, kind, "internalAddress", target, "must be IPv4; nat-rules lead to IPv6 VMs by NAT64");
        }
        Optional<TenantInterface> vlan = draft.index().interfaceHolding(vmNetworkGatewayId, target);
        if (vlan.isPresent()) {
            checkVlanHost(draft, vlan.get(), target, kind);
            return;
        }
        VmSubnet subnet = draft.index()
                .subnetHolding(vmNetworkId, target)
                .orElseThrow(() -> Draft.refusal(
                        INVALID,
                        kind,
                        "internalAddress",
                        target,
                        "must be in a subnet of " + draft.describe(vmNetworkId)));
        VmNetworkGateway attachment = draft.get(VmNetworkGateway.class, vmNetworkGatewayId);
        if (subnet.isRouter(target) || attachment.addresses().contains(target)) {
            String whose = subnet.isRouter(target) ? "router" : "gateway";
            throw Draft.refusal(
                    INVALID, kind, "internalAddress", target, "must be the address of a VM, not of the " + whose);
        }
        Rules.usable(kind.label(), "internalAddress", target, subnet.prefix());
    }

    /** VLAN-based VMs are targets, too. What is behind the front end has addresses that everybody there knows: no NAT leads to it. */
    private static void checkVlanHost(Draft draft, TenantInterface vlan, IpAddress target, Kind kind) {
        draft.guard(VLAN_GUARD, vlan.id());
        boolean own =
                vlan.addresses().stream().anyMatch(address -> address.address().equals(target));
        if (vlan.side() != Side.BACK_END || own || target.bits() != 32) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "internalAddress",
                    target,
                    "must be the IPv4 address of a VM, and on a tenant-interface one of its BACK_END side; this is on the "
                            + vlan.side() + " side, " + draft.describe(vlan.id()));
        }
    }

    /** Targets on an interface keep the subnet that they are in. */
    static void checkTargets(Draft draft, TenantInterface vlan) {
        draft.guard(VLAN_GUARD, vlan.id());
        for (UUID id : draft.index().users(vlan.id())) {
            IpAddress target = switch (draft.find(id).orElseThrow()) {
                case NatRule rule -> rule.internalAddress();
                case NatOneToOne one -> one.internalAddress();
                default -> throw new IllegalStateException(draft.describe(id) + " has no target");
            };
            boolean there = vlan.subnets().stream().anyMatch(subnet -> subnet.contains(target))
                    && vlan.addresses().stream()
                            .noneMatch(address -> address.address().equals(target));
            if (!there) {
                throw Draft.refusal(
                        CONFLICT,
                        Kind.TENANT_INTERFACE,
                        "addresses",
                        vlan.subnets(),
                        "must have room for " + target + ", to which " + draft.describe(id) + " leads");
            }
        }
    }

    static NatOneToOne natOneToOne(Draft draft, NatOneToOneSpec spec) {
        Kind kind = Kind.NAT_ONE_TO_ONE;
        VmNetworkGateway attachment =
                draft.named(VmNetworkGateway.class, spec.vmNetworkGatewayId(), kind, "vmNetworkGatewayId");
        PhysicalPlans.checkTranslates(draft, attachment, kind, "vmNetworkGatewayId");
        IpPool pool = pool(draft, attachment, spec.externalPoolId(), kind);
        NatOneToOne made = new NatOneToOne(
                draft.meta(spec),
                attachment.id(),
                pool.id(),
                PhysicalPlans.externalAddress(draft, pool, spec.externalAddress(), kind),
                spec.internalAddress());
        check(draft, made);
        return draft.put(made);
    }

    static void check(Draft draft, NatOneToOne one) {
        checkTarget(draft, one.vmNetworkGatewayId(), one.internalAddress(), Kind.NAT_ONE_TO_ONE);
    }

    static NatExemption natExemption(Draft draft, NatExemptionSpec spec) {
        VmNetworkGateway attachment = draft.named(
                VmNetworkGateway.class, spec.vmNetworkGatewayId(), Kind.NAT_EXEMPTION, "vmNetworkGatewayId");
        NatExemption made =
                new NatExemption(draft.meta(spec), attachment.id(), spec.sourcePrefix(), spec.destinationPrefix());
        check(draft, made);
        return draft.put(made);
    }

    /** What comes in without translation must have one tenant to go to. */
    static void check(Draft draft, NatExemption exemption) {
        if (exemption.sourcePrefix().address().bits() != 32) {
            // Without sessions nothing would lead the answers back.
            throw Draft.refusal(
                    INVALID,
                    Kind.NAT_EXEMPTION,
                    "sourcePrefix",
                    exemption.sourcePrefix(),
                    "must be IPv4: IPv6 is routed as it is by a pair of equal nptv6Prefixes of the vm-network-gateway");
        }
        UUID gateway = gatewayId(draft, exemption.vmNetworkGatewayId());
        draft.guard("exempt", gateway);
        draft.index()
                .exemptions()
                .filter(other -> !other.vmNetworkGatewayId().equals(exemption.vmNetworkGatewayId())
                        && other.sourcePrefix().overlaps(exemption.sourcePrefix())
                        && other.destinationPrefix().overlaps(exemption.destinationPrefix())
                        && gatewayId(draft, other.vmNetworkGatewayId()).equals(gateway))
                .findFirst()
                .ifPresent(other -> {
                    throw Draft.refusal(
                            CONFLICT,
                            Kind.NAT_EXEMPTION,
                            "sourcePrefix",
                            exemption.sourcePrefix(),
                            "must not overlap " + draft.describe(other.id())
                                    + " of another VM network of the gateway for the same destinations");
                });
    }
}
