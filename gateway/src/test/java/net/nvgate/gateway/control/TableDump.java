package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;

/** All rows as text, with what is assigned by chance (dense indexes) replaced by what it stands for. */
final class TableDump {

    private final RouteTables tables;
    private final TablePolicy policy;
    private final Set<String> lines = new TreeSet<>();

    private TableDump(RouteTables tables, TablePolicy policy) {
        this.tables = tables;
        this.policy = policy;
    }

    static Set<String> of(RouteTables tables, TablePolicy policy) {
        TableDump dump = new TableDump(tables, policy);
        dump.tenants();
        dump.nat();
        dump.links();
        dump.interfaces();
        return dump.lines;
    }

    private void tenants() {
        Set<Integer> counters = new HashSet<>();
        tables.vsids.forEach(row -> {
            assertThat(counters.add(row.countersIndex()))
                    .as("one VSID per counters index")
                    .isTrue();
            lines.add("vsid " + row.toString().replaceAll("rdid=\\d+|countersIndex=\\d+", "") + rdid(row.rdid()));
        });
        tables.records.forEach(row -> {
            assertThat(row.countersIndex()).isEqualTo(counterOf(row.vsid()));
            lines.add("record " + row.toString().replaceAll("rdid=\\d+|countersIndex=\\d+", "") + rdid(row.rdid()));
        });
        for (int rdid = 0; rdid < 64; rdid++) {
            tables.tenantFib.forEach(rdid, row -> lines.add("route " + route(row) + rdid(row.rdid())));
            tables.tenantLinkFib.forEach(
                    rdid, row -> lines.add("out " + row.toString().replaceAll("rdid=\\d+", "") + rdid(row.rdid())));
            tables.tenantFib6.forEach(rdid, row -> lines.add("route6 " + route(row) + rdid(row.rdid())));
            tables.tenantLinkFib6.forEach(rdid, row -> lines.add("out6 " + route(row) + rdid(row.rdid())));
        }
    }

    private String route(FibRow row) {
        String text = row.toString().replaceAll("rdid=\\d+", "");
        return row.kind() == FibEntry.PEER ? text.replaceAll("nextHop=-?\\d+", "to" + rdid(row.nextHop())) : text;
    }

    private String route(Fib6Row row) {
        String text = row.toString().replaceAll("rdid=\\d+", "");
        return row.kind() == FibEntry.PEER ? text.replaceAll("peer=\\d+", "to" + rdid(row.peer())) : text;
    }

    private void interfaces() {
        for (int link = 0; link < 8192; link++) {
            TenantLinks.Row row = tables.tenantLinks.row(link);
            if (row != null) {
                lines.add("interface " + row.toString().replaceAll("rdid=\\d+|countersIndex=\\d+", "")
                        + rdid(row.rdid()));
            }
        }
        tables.tenantLinks.forEachAddress(row -> lines.add("on interface " + row));
        tables.tenantLinkAddresses6.forEach(row -> lines.add("on interface " + row));
    }

    private int counterOf(int vsid) {
        long entry = tables.vsids.find(vsid);
        assertThat(entry).as("VSID %d of a record", vsid).isNotZero();
        return VsidEntry.countersIndex(entry);
    }

    private void nat() {
        Set<Integer> indexes = new HashSet<>();
        tables.nat.connections.forEach(row -> {
            assertThat(indexes.add(row.index()))
                    .as("one connection per NAT index")
                    .isTrue();
            lines.add("nat " + connection(row) + " " + row.settings() + rdid(row.rdid()));
        });
        tables.nat.rules.forEachOutside(row -> lines.add("outside " + rule(row)));
        tables.nat.rules.forEachInside(row -> lines.add("inside " + rule(row)));
        tables.nat.oneToOnes.forEach(row -> lines.add("1:1 " + row.externalIp() + " " + row.internalIp()
                + (tables.nat.oneToOnes.inside(row.rdid(), row.internalIp()) != 0) + rdid(row.rdid())));
        for (int rdid = 1; rdid < 64; rdid++) {
            StringBuilder choices = new StringBuilder();
            for (NatConnections.Choice choice : tables.nat.connections.choicesOf(rdid)) {
                NatTable.Connection row = Objects.requireNonNull(tables.nat.connections.rowOf(choice.index()));
                choices.append(choice.prefix()).append(connection(row)).append(choice.salt());
            }
            for (NatConnections.Choice6 choice : tables.nat.connections.choices6Of(rdid)) {
                NatTable.Connection row = Objects.requireNonNull(tables.nat.connections.rowOf(choice.index()));
                choices.append(choice.prefix())
                        .append(choice.length())
                        .append(connection(row))
                        .append(choice.salt());
            }
            if (!choices.isEmpty()) {
                lines.add("choices " + choices + rdid(rdid));
            }
            if (!tables.nat.exemptions.rows(rdid).isEmpty()) {
                lines.add("exempt " + tables.nat.exemptions.rows(rdid) + rdid(rdid));
            }
            if (!tables.nat.quotas.row(rdid).equals(NatQuotas.Row.NONE)) {
                lines.add("quota " + tables.nat.quotas.row(rdid) + rdid(rdid));
            }
        }
    }

    private static String connection(NatTable.Connection row) {
        return row.externalIp() + " " + row.portMin() + " " + row.portMax();
    }

    /** The generation is that of the rule's connection, which is told by its ports. */
    private String rule(NatTable.Rule row) {
        Set<String> connections = new TreeSet<>();
        tables.nat.connections.forEach(there -> {
            if (there.generation() == row.generation()) {
                connections.add(connection(there));
            }
        });
        assertThat(connections).as("connection of " + row).hasSize(1);
        return row.toString().replaceAll("rdid=\\d+|generation=\\d+", "") + connections + rdid(row.rdid());
    }

    private void links() {
        tables.ownAddresses.forEach(row -> lines.add("own " + row));
        tables.externalFib.forEach(row -> lines.add("external " + row));
        tables.providerFib.forEach(row -> lines.add("provider " + row));
    }

    private String rdid(int index) {
        return " of " + policy.tenant(index).orElseThrow();
    }
}
