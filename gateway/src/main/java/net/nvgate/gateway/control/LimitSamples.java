package net.nvgate.gateway.control;

import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import net.nvgate.gateway.police.Meters;

/** What limits of traffic let through, cost and hold up, of each tenant that has some. */
final class LimitSamples {

    /** Tenants that are shown at most: the lowest RDIDs. */
    private static final int SHOWN_MAX = 4_096;

    private static final double NANOS = 1e9;

    private LimitSamples() {}

    static void read(DataPath path, List<Sample> samples) {
        List<TablePolicy.TenantLimit> tenants =
                path.policy().tenantLimits().stream().limit(SHOWN_MAX).toList();
        each(
                tenants,
                (labels, meter) -> samples.add(Sample.counter(
                        "nvgate_tenant_limit_bytes",
                        "Bytes of IP packets that a tenant's limit has let through",
                        labels,
                        sum(path, Meters::bytes, meter))));
        each(
                tenants,
                (labels, meter) -> samples.add(Sample.counter(
                        "nvgate_tenant_limit_packets",
                        "Packets that a tenant's limit has let through",
                        labels,
                        sum(path, Meters::packets, meter))));
        each(
                tenants,
                (labels, meter) -> samples.add(Sample.counter(
                        "nvgate_tenant_limit_drops",
                        "Packets that a tenant's limit has cost",
                        labels,
                        sum(path, Meters::drops, meter))));
        each(
                tenants,
                (labels, meter) -> samples.add(Sample.gauge(
                        "nvgate_tenant_limit_queue_packets",
                        "Packets that wait for a tenant's limit",
                        labels,
                        sum(path, Meters::waiting, meter))));
        each(
                tenants,
                (labels, meter) -> samples.add(Sample.gauge(
                        "nvgate_tenant_limit_queue_delay_seconds",
                        "How long the packet waited that left a tenant's queue last",
                        labels,
                        longest(path, meter))));
    }

    private interface Value {
        long of(Meters meters, int meter);
    }

    /** Both directions of each tenant, with the tenant's meter of the direction. */
    private static void each(List<TablePolicy.TenantLimit> tenants, ObjIntConsumer<Map<String, String>> action) {
        for (TablePolicy.TenantLimit tenant : tenants) {
            String rdid = tenant.rdid().toString();
            action.accept(Map.of("rdid", rdid, "direction", "inbound"), 2 * tenant.index() + Meters.INBOUND);
            action.accept(Map.of("rdid", rdid, "direction", "outbound"), 2 * tenant.index() + Meters.OUTBOUND);
        }
    }

    private static long sum(DataPath path, Value value, int tenantAndDirection) {
        return path.workers().stream()
                .mapToLong(worker -> value.of(worker.meters(), meter(worker, tenantAndDirection)))
                .sum();
    }

    private static double longest(DataPath path, int tenantAndDirection) {
        return path.workers().stream()
                .mapToDouble(worker -> worker.meters().delayNanos(meter(worker, tenantAndDirection)) / NANOS)
                .max()
                .orElse(0);
    }

    private static int meter(WorkerThread worker, int tenantAndDirection) {
        return worker.meters().tenant(tenantAndDirection >>> 1, tenantAndDirection & 1);
    }
}
