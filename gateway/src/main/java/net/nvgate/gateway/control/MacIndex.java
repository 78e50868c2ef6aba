package net.nvgate.gateway.control;

import java.util.TreeMap;
import net.nvgate.fabric.policy.PolicyObject.DhcpSubnet;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import org.jspecify.annotations.Nullable;

/** Records by MAC, kept in the subnets where somebody asks by MAC. */
final class MacIndex {

    void add(Subnet subnet, LookupRecord record, Dirty dirty) {
        if (isKept(subnet, record)) {
            subnet.byMac
                    .computeIfAbsent(record.mac().value(), _ -> new TreeMap<>())
                    .put(record.key(), record);
        }
        mark(subnet, record, dirty);
    }

    void remove(Subnet subnet, LookupRecord record, Dirty dirty) {
        forget(subnet, record);
        mark(subnet, record, dirty);
    }

    /** The record's row may read differently. */
    void mark(Subnet subnet, LookupRecord record, Dirty dirty) {
        if (isKept(subnet, record)) {
            dirty.macs.add(new Dirty.MacRow(subnet.vsid, record.mac().value()));
        }
        if (isL2Only(record)) {
            dirty.macSubnets.add(subnet.vsid);
            subnet.tenant.learned.keySet().forEach(ca -> dirty.records.add(new Dirty.RecordRow(subnet.tenant, ca)));
        }
    }

    private static void forget(Subnet subnet, LookupRecord record) {
        subnet.byMac.computeIfPresent(record.mac().value(), (_, there) -> {
            there.remove(record.key());
            return there.isEmpty() ? null : there;
        });
    }

    /** Sets what DHCP tells in a subnet; null = nothing. */
    void setDhcp(Subnet subnet, @Nullable DhcpSubnet dhcp, Dirty dirty) {
        boolean had = subnet.dhcp != null;
        subnet.dhcp = dhcp;
        dirty.macSubnets.add(subnet.vsid);
        if (dhcp == null) {
            dirty.dhcpSubnets.remove(subnet);
            subnet.byMac.keySet().forEach(mac -> dirty.macs.add(new Dirty.MacRow(subnet.vsid, mac)));
            subnet.byMac.values().removeIf(there -> {
                there.values().removeIf(record -> !isL2Only(record));
                return there.isEmpty();
            });
        } else if (!had && subnet.tenant.recordCount > 0) {
            dirty.dhcpSubnets.add(subnet);
        }
    }

    private static boolean isKept(Subnet subnet, LookupRecord record) {
        return subnet.dhcp != null || isL2Only(record);
    }

    static boolean isL2Only(LookupRecord record) {
        return record.type() == LookupRecord.Type.L2_ONLY
                && record.customerAddress().isUnspecified();
    }
}
