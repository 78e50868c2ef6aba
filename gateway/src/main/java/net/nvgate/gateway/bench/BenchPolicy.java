package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;
import net.nvgate.gateway.acl.AclCompiler;
import net.nvgate.gateway.acl.AclSlots;
import net.nvgate.gateway.acl.TenantAcl;
import net.nvgate.gateway.police.FairQueues;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchFilter;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerConfig;

/** What may be configured besides forwarding, so that a scenario shows what it costs packets that it does not stop. */
enum BenchPolicy {
    NONE,
    /** Every tenant has limits, which it never reaches. */
    LIMITS,
    /** Every VM has a port profile with a maximum, as many as there can be; none is reached. */
    PROFILES,
    /** Every tenant has a list of 100 rules. */
    ACL,
    /** Somebody captures packets of a remote host that nobody speaks to. */
    CAPTURE,
    /** Sessions are told to collectors. */
    EXPORT,
    /** As {@link #ALL}, but limits, profiles and lists are of as many other tenants, which send nothing: configured and idle. */
    IDLE,
    /** All of these at once, and sessions are told to collectors. */
    ALL;

    private static final int RULES = 100;
    private static final int RING_BYTES = 1 << 20;
    private static final int MOST = Integer.MAX_VALUE;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int STRANGER_PORT = 9;

    /** Before packets come. */
    void configure(BenchGateway gateway) {
        boolean everything = this == ALL || this == IDLE;
        boolean limits = this == LIMITS || everything;
        boolean profiles = this == PROFILES || everything;
        int all = limits ? MOST : 0;
        int first = this == IDLE ? gateway.shape.tenants() : 0;
        for (int tenant = first; tenant < first + gateway.shape.tenants(); tenant++) {
            int rdid = BenchFabric.rdid(tenant);
            gateway.tables.rates.setTenant(rdid, new RateLimits.Row(all, all, all, all, false, false, profiles));
            if (this == ACL || everything) {
                gateway.tables.acls.put(rdid, list());
            }
            gateway.tables.epochs.bump(rdid);
        }
        if (profiles) {
            profiles(gateway, first);
        }
        if (this == CAPTURE || everything) {
            capture(gateway);
        }
    }

    /** Whether sessions are told, to a ring that nobody empties: what it costs the worker is the same. */
    boolean tells() {
        return this == EXPORT || this == ALL || this == IDLE;
    }

    private static void profiles(BenchGateway gateway, int first) {
        for (int vm = 0; vm < gateway.shape.vms(); vm++) {
            int nic = vm % WorkerConfig.LIMITED_NICS;
            Ipv4Address ca = new Ipv4Address(BenchFabric.ca(gateway.shape, vm));
            int rdid = BenchFabric.rdid(first + gateway.shape.tenantOf(vm));
            gateway.tables.nicRates.set(rdid, ca, new NicRates.Row(FairQueues.WEIGHT_DEFAULT, 0, nic, vm));
            gateway.tables.rates.setNic(nic, new RateLimits.Row(MOST, MOST, 0, 0, true, false));
        }
    }

    private static TenantAcl list() {
        List<PortAclRule> rules = new ArrayList<>();
        for (int i = 1; i <= RULES; i++) {
            String json = "{\"priority\":" + i + ",\"direction\":\"OUTBOUND\",\"action\":\"DENY\",\"protocol\":\"TCP\","
                    + "\"remotePortRanges\":[\"" + i + "\"]}";
            rules.add(FabricJson.read(json, PortAclRule.class));
        }
        PortAcl list = new PortAcl(
                new UUID(7, 7),
                new UUID(0, 1),
                "bench",
                false,
                List.of(),
                List.of(),
                AclAction.ALLOW,
                AclAction.ALLOW,
                rules);
        return new AclCompiler(_ -> List.of(), _ -> List.of(), AclSlots.NONE).compile(List.of(list));
    }

    private static void capture(BenchGateway gateway) {
        WatchFilter.Endpoint stranger = new WatchFilter.Endpoint(true, 0, 0xffff_0000_0001L, STRANGER_PORT);
        WatchFilter filter = new WatchFilter(0, 0, 0, WatchFilter.Endpoint.ANY, stranger);
        Watch.Limits limits = new Watch.Limits(MOST, NEVER, 64, Worker.nowMs() + Integer.MAX_VALUE);
        if (!gateway.worker.tap().post(Watch.of(filter, limits, true, RING_BYTES))) {
            throw new IllegalStateException("the worker takes no watch");
        }
    }
}
