package net.nvgate.fabric.netwnv;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;

/** Any host's policy as NetWNV records: that of {@link HostProjection}, with the rules that an import has kept as labels of VMs. */
public final class HostExport {

    private record Port(long vsid, MacAddress mac) {}

    private HostExport() {}

    /** @return empty if the fabric has no host of this name */
    public static Optional<NetWnvHost> of(FabricManager fabric, PolicySource policy, String host) {
        boolean known = !fabric.list(Kind.HOST, host).isEmpty();
        NodeId node = new NodeId(NodeId.Kind.HOST, host);
        return known
                ? Optional.of(
                        withRules(HostProjection.of(host, policy.snapshot(node).objects()), rules(fabric)))
                : Optional.empty();
    }

    private static Map<Port, NetWnvRules.Of> rules(FabricManager fabric) {
        Map<Port, NetWnvRules.Of> rules = new HashMap<>();
        for (FabricObject object : fabric.list(Kind.VM)) {
            String label = object.meta().labels().get(ImportFile.RULES_LABEL);
            if (label == null) {
                continue;
            }
            Map<String, NetWnvRules.Of> ofNics = NetWnvRules.parse(label);
            for (Vm.Nic nic : ((Vm) object).nics()) {
                NetWnvRules.Of rule = ofNics.get(nic.name());
                if (rule != null) {
                    long vsid =
                            fabric.get(VmSubnet.class, nic.vmSubnetId()).vsid().value();
                    rules.put(new Port(vsid, nic.mac()), rule);
                }
            }
        }
        return rules;
    }

    private static NetWnvHost withRules(NetWnvHost host, Map<Port, NetWnvRules.Of> rules) {
        List<NetWnvLookupRecord> records = host.lookupRecords().stream()
                .map(record -> {
                    NetWnvRules.Of rule = rules.get(new Port(record.virtualSubnetId(), record.macAddress()));
                    return rule == null ? record : record.withRule(rule.rule(), rule.useVmMacAddress());
                })
                .toList();
        return new NetWnvHost(
                host.name(),
                records,
                host.customerRoutes(),
                host.providerAddresses(),
                host.providerRoutes(),
                host.global());
    }
}
