package net.nvgate.gateway.worker;

import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat.NatTimers;

/**
 * Sizes and habits of one worker. Sizes are fixed at start.
 *
 * @param cpu CPU to run on, -1 = any
 * @param sessionsMax sessions; about 225 bytes each with their mappings, hosts, port blocks and peers
 * @param natAddressesMax external addresses with mappings at one time; 72 KiB each
 * @param adjacenciesMax next hops (VMs and neighbours) in use at one time; 520 to 780 bytes each, with what is known of addresses
 * @param vsidsMax VSIDs with counters of their own; 600 bytes each
 * @param fragmentedMax fragmented datagrams followed at one time, a power of two; 1.1 KiB each
 * @param natTimers idle times of sessions
 * @param tcpMidstream a TCP packet without SYN and without session makes one (connections survive our restart)
 * @param icmpErrorsPerSecond ICMP errors originated at most for each tenant, and for the external side
 * @param idlePolls empty polls before the worker sleeps
 * @param idleParkMicros longest sleep when idle; 0 = never sleep
 * @param mtu what it does about sizes
 * @param heldSynsMax unsolicited TCP SYNs that wait for their verdict, a power of two; 0 = they are dropped without an answer
 */
public record WorkerConfig(
        int cpu,
        int sessionsMax,
        int natAddressesMax,
        int adjacenciesMax,
        int vsidsMax,
        int fragmentedMax,
        NatTimers natTimers,
        boolean tcpMidstream,
        int icmpErrorsPerSecond,
        int idlePolls,
        int idleParkMicros,
        MtuConfig mtu,
        int heldSynsMax) {

    public static final int HELD_SYNS = 512;

    private static final int HOSTS_MIN = 1 << 12;

    /** Most routing domains of a policy, whose use is counted. */
    public static final int TENANTS = 16_385;

    /** Most virtual NICs with a limit of their own. */
    public static final int LIMITED_NICS = 8_192;

    public static final WorkerConfig DEFAULT = new WorkerConfig(
            -1, 1 << 18, 1 << 10, 1 << 14, 1 << 13, 1 << 12, NatTimers.DEFAULT, true, 1_000, 2_000, 100);

    public WorkerConfig {
        range("sessions-max", sessionsMax, 16, Mappings.SESSIONS_MAX);
        range("nat-addresses-max", natAddressesMax, 1, Mappings.CONNECTION_MAX + 1);
        range("adjacencies-max", adjacenciesMax, 16, 1 << 22);
        range("vsids-max", vsidsMax, 1, 1 << 20);
        range("fragmented-max", fragmentedMax, 16, 1 << 20);
        range("icmp-errors-per-second", icmpErrorsPerSecond, 1, 1_000_000);
        range("idle-polls", idlePolls, 1, Integer.MAX_VALUE);
        range("idle-park-micros", idleParkMicros, 0, 1_000_000);
        range("held-syns-max", heldSynsMax, 0, 1 << 12);
        if (Integer.bitCount(heldSynsMax) > 1) {
            throw new IllegalArgumentException("held-syns-max is " + heldSynsMax + ", must be a power of two or 0");
        }
        if (Integer.bitCount(fragmentedMax) != 1) {
            throw new IllegalArgumentException("fragmented-max is " + fragmentedMax + ", must be a power of two");
        }
    }

    /** With the default for sizes. */
    public WorkerConfig(
            int cpu,
            int sessionsMax,
            int natAddressesMax,
            int adjacenciesMax,
            int vsidsMax,
            int fragmentedMax,
            NatTimers natTimers,
            boolean tcpMidstream,
            int icmpErrorsPerSecond,
            int idlePolls,
            int idleParkMicros) {
        this(
                cpu,
                sessionsMax,
                natAddressesMax,
                adjacenciesMax,
                vsidsMax,
                fragmentedMax,
                natTimers,
                tcpMidstream,
                icmpErrorsPerSecond,
                idlePolls,
                idleParkMicros,
                MtuConfig.DEFAULT,
                HELD_SYNS);
    }

    /** Inside addresses with sessions or mappings at one time. */
    public int hostsMax() {
        return Math.max(HOSTS_MIN, sessionsMax / 8);
    }

    /** Blocks of ports that hosts have at one time. */
    public int portBlocksMax() {
        return Math.max(64, sessionsMax / 8);
    }

    /** Remote addresses counted for address-dependent filtering. */
    public int peersMax() {
        return Math.max(64, sessionsMax / 8);
    }

    public WorkerConfig withMtu(MtuConfig newMtu) {
        return new WorkerConfig(
                cpu,
                sessionsMax,
                natAddressesMax,
                adjacenciesMax,
                vsidsMax,
                fragmentedMax,
                natTimers,
                tcpMidstream,
                icmpErrorsPerSecond,
                idlePolls,
                idleParkMicros,
                newMtu,
                heldSynsMax);
    }

    public WorkerConfig withSessionsMax(int newSessionsMax) {
        return new WorkerConfig(
                cpu,
                newSessionsMax,
                natAddressesMax,
                adjacenciesMax,
                vsidsMax,
                fragmentedMax,
                natTimers,
                tcpMidstream,
                icmpErrorsPerSecond,
                idlePolls,
                idleParkMicros,
                mtu,
                heldSynsMax);
    }

    public WorkerConfig withCpu(int newCpu) {
        return new WorkerConfig(
                newCpu,
                sessionsMax,
                natAddressesMax,
                adjacenciesMax,
                vsidsMax,
                fragmentedMax,
                natTimers,
                tcpMidstream,
                icmpErrorsPerSecond,
                idlePolls,
                idleParkMicros,
                mtu,
                heldSynsMax);
    }

    public WorkerConfig withHeldSynsMax(int newHeldSynsMax) {
        return new WorkerConfig(
                cpu,
                sessionsMax,
                natAddressesMax,
                adjacenciesMax,
                vsidsMax,
                fragmentedMax,
                natTimers,
                tcpMidstream,
                icmpErrorsPerSecond,
                idlePolls,
                idleParkMicros,
                mtu,
                newHeldSynsMax);
    }

    public WorkerConfig withNatTimers(NatTimers newNatTimers) {
        return new WorkerConfig(
                cpu,
                sessionsMax,
                natAddressesMax,
                adjacenciesMax,
                vsidsMax,
                fragmentedMax,
                newNatTimers,
                tcpMidstream,
                icmpErrorsPerSecond,
                idlePolls,
                idleParkMicros,
                mtu,
                heldSynsMax);
    }

    private static void range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + min + " to " + max);
        }
    }
}
