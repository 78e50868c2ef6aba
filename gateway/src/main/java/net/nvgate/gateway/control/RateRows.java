package net.nvgate.gateway.control;

import java.util.Set;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.LimitMode;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.gateway.route.RateLimits;

/** Limits of tenants and NAT connections from policy to rows. Sessions are told of those of tenants: they keep what they read of them. */
final class RateRows {

    private final RateLimits table;

    RateRows(RateLimits table) {
        this.table = table;
    }

    void write(Tenant tenant, Set<Integer> changedRdids) {
        boolean connections = tenant.connections.stream()
                .anyMatch(connection -> !row(connection.bandwidth(), false).equals(RateLimits.Row.NONE));
        RateLimits.Row wanted = row(tenant.limits, connections).withNics(tenant.nicsWithMaximum > 0);
        if (!wanted.equals(table.tenantRow(tenant.index))) {
            table.setTenant(tenant.index, wanted);
            changedRdids.add(tenant.index);
        }
    }

    void write(NatConnection connection, int index) {
        RateLimits.Row wanted = row(connection.bandwidth(), false);
        if (!wanted.equals(table.connectionRow(index))) {
            table.setConnection(index, wanted);
        }
    }

    /** The index will be another connection's. */
    void remove(int connection) {
        table.setConnection(connection, RateLimits.Row.NONE);
    }

    private static RateLimits.Row row(Bandwidth limits, boolean connections) {
        boolean some = limits.inboundKbps() != 0
                || limits.outboundKbps() != 0
                || limits.inboundPacketsPerSecond() != 0
                || limits.outboundPacketsPerSecond() != 0;
        return new RateLimits.Row(
                limits.inboundKbps(),
                limits.outboundKbps(),
                limits.inboundPacketsPerSecond(),
                limits.outboundPacketsPerSecond(),
                some && limits.mode() == LimitMode.SHAPE,
                connections);
    }
}
