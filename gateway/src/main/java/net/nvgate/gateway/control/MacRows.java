package net.nvgate.gateway.control;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.policy.PolicyObject.DhcpSubnet;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.gateway.route.DhcpTable;
import net.nvgate.gateway.route.L2Groups;
import net.nvgate.gateway.route.MacTable;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/** Brings what is asked for by MAC in line with policy: clients and settings of DHCP, and hosts with L2Only records. */
final class MacRows {

    private final RouteTables tables;
    private final PolicyIndex index;
    private final Rows6 rows6;

    MacRows(RouteTables tables, PolicyIndex index, Rows6 rows6) {
        this.tables = tables;
        this.index = index;
        this.rows6 = rows6;
    }

    /** Adds the RDID indexes of tenants with other hosts to ask. */
    void write(Dirty dirty, Set<Integer> changedRdids) {
        dirty.macs.forEach(row -> writeMac(row.vsid(), row.mac()));
        dirty.macSubnets.forEach(vsid -> {
            writeDhcp(vsid);
            writeGroup(vsid, changedRdids);
        });
    }

    private void writeMac(int vsid, long mac) {
        MacTable.Row wanted = mac(vsid, mac);
        if (Objects.equals(wanted, tables.macs.row(vsid, mac))) {
            return;
        }
        if (wanted == null) {
            tables.macs.remove(vsid, mac);
        } else {
            tables.macs.put(wanted);
        }
    }

    /** Of several records with a MAC the one with the lowest CA; L2Only ones, which have none, come last. */
    private MacTable.@Nullable Row mac(int vsid, long mac) {
        Subnet subnet = index.subnets.get(vsid);
        if (subnet == null) {
            return null;
        }
        MacTable.Row best = null;
        for (LookupRecord record :
                subnet.byMac.getOrDefault(mac, new TreeMap<>()).values()) {
            if (isWanted(subnet, record)) {
                int pa = rows6.pa(record.providerAddress());
                MacTable.Row row = new MacTable.Row(vsid, mac, v4(record.customerAddress()), pa);
                boolean better = best == null || Integer.compareUnsigned(row.ca() - 1, best.ca() - 1) < 0;
                best = better ? row : best;
            }
        }
        return best;
    }

    private boolean isWanted(Subnet subnet, LookupRecord record) {
        if (record.type() == LookupRecord.Type.L2_ONLY) {
            return record.customerAddress().isUnspecified();
        }
        return subnet.dhcp != null
                && v4(record.customerAddress()) != 0
                && !record.isDefaultGateway()
                && !index.provider.owns(record.providerAddress());
    }

    private void writeDhcp(int vsid) {
        Subnet subnet = index.subnets.get(vsid);
        DhcpTable.Row wanted = subnet == null || subnet.dhcp == null ? null : row(subnet.dhcp);
        if (Objects.equals(wanted, tables.dhcp.row(vsid))) {
            return;
        }
        if (wanted == null) {
            tables.dhcp.remove(vsid);
        } else {
            tables.dhcp.put(wanted);
        }
    }

    /** IPv6 settings have no row: they are for DHCPv6 and router advertisements. */
    private static DhcpTable.@Nullable Row row(DhcpSubnet dhcp) {
        if (!(dhcp.router() instanceof Ipv4Address router)) {
            return null;
        }
        List<Integer> servers = dhcp.dnsServers().stream()
                .filter(Ipv4Address.class::isInstance)
                .map(MacRows::v4)
                .limit(DhcpTable.SERVERS_MAX)
                .toList();
        return new DhcpTable.Row(
                dhcp.vsid().value(), router.value(), dhcp.leaseSeconds(), dhcp.mtu(), servers, dhcp.domainName());
    }

    private void writeGroup(int vsid, Set<Integer> changedRdids) {
        Subnet subnet = index.subnets.get(vsid);
        List<Integer> pas = subnet == null ? List.of() : l2OnlyPas(subnet);
        L2Groups.Row wanted = pas.isEmpty() ? null : new L2Groups.Row(vsid, pas);
        if (Objects.equals(wanted, tables.l2Groups.row(vsid))) {
            return;
        }
        if (wanted == null) {
            tables.l2Groups.remove(vsid);
        } else {
            tables.l2Groups.put(wanted);
        }
        if (subnet != null) {
            changedRdids.add(subnet.tenant.index);
        }
    }

    private List<Integer> l2OnlyPas(Subnet subnet) {
        return subnet.special.values().stream()
                .filter(record -> record.type() == LookupRecord.Type.L2_ONLY
                        && record.customerAddress().isUnspecified())
                .map(record -> rows6.pa(record.providerAddress()))
                .distinct()
                .sorted()
                .limit(L2Groups.PAS_MAX)
                .toList();
    }

    private static int v4(IpAddress address) {
        return address instanceof Ipv4Address v4 ? v4.value() : 0;
    }
}
