package net.nvgate.gateway.talkers;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.route.TableSpace;

/**
 * What the sessions of a worker have carried that have ended, by VM and by NAT rule. Sessions count themselves while they live; the worker
 * adds their counters here when they end, which is all that this costs it.
 */
public final class SessionTraffic {

    /** VMs that have room, 64 bytes each. */
    public static final int VMS = 1 << 14;
    /** External ports of rules that have room. */
    public static final int RULES = 1 << 12;

    private static final int CACHE_LINE = 64;

    private final InsideHosts hosts;
    private final TrafficTotals vms;
    private final TrafficTotals rules;

    public SessionTraffic(InsideHosts hosts, TableSpace.Source memory) {
        this.hosts = hosts;
        this.vms = new TrafficTotals(memory.allocate(TrafficTotals.bytes(VMS), CACHE_LINE), VMS);
        this.rules = new TrafficTotals(memory.allocate(TrafficTotals.bytes(RULES), CACHE_LINE), RULES);
    }

    /** Worker: a session is about to end, by its outbound line. */
    public void ended(long session) {
        add(vms, vm(session), session);
        long rule = TrafficKeys.rule(session);
        if (rule != 0) {
            add(rules, rule, session);
        }
    }

    /** Whose session it is; any thread, of a session that lives. */
    long vm(long session) {
        int address = FlowKey.source(Session.key0(session));
        return TrafficKeys.vm(session, InsideHosts.isHandle(address) ? hosts.generation(address) : 0);
    }

    /** Adds what a session has carried to the totals of a key. */
    private static void add(TrafficTotals totals, long key, long session) {
        long inbound = Session.other(session);
        totals.add(
                key,
                Session.packets(session),
                Session.bytes(session),
                Session.packets(inbound),
                Session.bytes(inbound));
    }

    TrafficTotals vms() {
        return vms;
    }

    TrafficTotals rules() {
        return rules;
    }
}
