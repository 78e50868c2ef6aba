package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * The worker: where it runs and how much it holds. Ranges are checked here, memory is taken at start.
 */
public record WorkerSettings(
        Optional<Integer> cpu,
        int flowsMax,
        int natAddressesMax,
        int nextHopsMax,
        int vsidsMax,
        int fragmentedMax,
        boolean tcpMidstream,
        int icmpErrorsPerSecond,
        Idle idle,
        NatTimeouts natTimeouts,
        MtuSettings mtu,
        int heldSynsMax) {

    @JsonCreator
    public static WorkerSettings of(
            @Key(
                            value =
                                    "CPU to run on, of several workers the first one's; with a single CPU it is not pinned",
                            or = "the highest one allowed")
                    @Nullable
                    Integer cpu,
            @Key("NAT sessions, of all workers together; about 225 bytes each with [what belongs to "
                            + "them](/gateway/docs/nat.md)")
                    @Nullable
                    Integer flowsMax,
            @Key("external addresses with mappings; 72 KiB each") @Nullable Integer natAddressesMax,
            @Key("VMs and neighbours in use") @Nullable Integer nextHopsMax,
            @Key("virtual subnets and tenant interfaces; a policy with more is rejected") @Nullable Integer vsidsMax,
            @Key("fragmented datagrams followed, a power of two; 1.1 KiB each") @Nullable Integer fragmentedMax,
            @Key("TCP without SYN and session makes a session, so that connections survive a restart") @Nullable
                    Boolean tcpMidstream,
            @Key("ICMP errors originated at most for each tenant and for the external side, and as many of "
                            + "ICMPv6; 16 times as many in all")
                    @Nullable
                    Integer icmpErrorsPerSecond,
            @Key("what a worker does [when nothing comes](/gateway/docs/performance-process.md#idle)") @Nullable
                    Idle idle,
            @Key("how long sessions live without packets") @Nullable NatTimeouts natTimeouts,
            @Key("what the worker does about [sizes](/gateway/docs/mtu.md)") @Nullable MtuSettings mtu,
            @Key("unsolicited TCP SYNs that wait 6 s for an outbound one before they are refused (RFC 5382 "
                            + "REQ-4), a power of two; 0 = none is answered")
                    @Nullable
                    Integer heldSynsMax) {
        int heldSyns = Defaults.range("worker.held-syns-max", Defaults.or(heldSynsMax, 512), 0, 4096);
        if (Integer.bitCount(heldSyns) > 1) {
            throw new ConfigException(
                    "worker.held-syns-max", "worker.held-syns-max must be a power of two or 0, not " + heldSyns);
        }
        int fragmented = Defaults.range("worker.fragmented-max", Defaults.or(fragmentedMax, 4096), 16, 1 << 20);
        if (Integer.bitCount(fragmented) != 1) {
            throw new ConfigException(
                    "worker.fragmented-max", "worker.fragmented-max must be a power of two, not " + fragmented);
        }
        return new WorkerSettings(
                Optional.ofNullable(cpu).map(given -> Defaults.range("worker.cpu", given, 0, 1023)),
                Defaults.range("worker.flows-max", Defaults.or(flowsMax, 1 << 20), 1024, 1 << 27),
                Defaults.range("worker.nat-addresses-max", Defaults.or(natAddressesMax, 1024), 1, 1 << 16),
                Defaults.range("worker.next-hops-max", Defaults.or(nextHopsMax, 16384), 16, 1 << 22),
                Defaults.range("worker.vsids-max", Defaults.or(vsidsMax, 8192), 1, 1 << 16),
                fragmented,
                Defaults.or(tcpMidstream, true),
                Defaults.range("worker.icmp-errors-per-second", Defaults.or(icmpErrorsPerSecond, 1000), 1, 1_000_000),
                Defaults.or(idle, Idle.of(null, null)),
                Defaults.or(natTimeouts, NatTimeouts.of(null, null, null, null, null, null)),
                Defaults.or(mtu, MtuSettings.of(null, null, null, null, null)),
                heldSyns);
    }

    /**
     * What the worker does when nothing comes.
     */
    public record Idle(int polls, int sleepMicrosMax) {

        @JsonCreator
        public static Idle of(
                @Key("empty polls before the worker sleeps") @Nullable Integer polls,
                @Key("longest sleep between polls where a driver cannot tell of packets; 0 = never sleep at all: "
                                + "least latency, one CPU burnt")
                        @Nullable
                        Integer sleepMicrosMax) {
            return new Idle(
                    Defaults.range("worker.idle.polls", Defaults.or(polls, 2000), 1, 1_000_000_000),
                    Defaults.range("worker.idle.sleep-micros-max", Defaults.or(sleepMicrosMax, 100), 0, 1_000_000));
        }
    }

    /** How long sessions live without packets; minima are those of RFC 4787, 5382 and 5508. */
    public record NatTimeouts(
            int udpSeconds,
            int tcpEstablishedSeconds,
            int tcpTransitorySeconds,
            int tcpOpeningSeconds,
            int icmpSeconds,
            int otherSeconds) {

        private static final int MAX = 86_400;

        @JsonCreator
        public static NatTimeouts of(
                @Key("idle time of UDP sessions (RFC 4787 REQ-5)") @Nullable Integer udpSeconds,
                @Key("idle time of TCP connections (RFC 5382 REQ-5)") @Nullable Integer tcpEstablishedSeconds,
                @Key("TCP that is closing or was reset (RFC 5382 REQ-5)") @Nullable Integer tcpTransitorySeconds,
                @Key("TCP that one side has opened (RFC 7857 §2.1 recommends 240)") @Nullable Integer tcpOpeningSeconds,
                @Key("ICMP queries (RFC 5508 REQ-2)") @Nullable Integer icmpSeconds,
                @Key("protocols without ports") @Nullable Integer otherSeconds) {
            return new NatTimeouts(
                    timeout("udp-seconds", udpSeconds, 300, 120),
                    timeout("tcp-established-seconds", tcpEstablishedSeconds, 7440, 7440),
                    timeout("tcp-transitory-seconds", tcpTransitorySeconds, 240, 240),
                    timeout("tcp-opening-seconds", tcpOpeningSeconds, 240, 30),
                    timeout("icmp-seconds", icmpSeconds, 60, 60),
                    timeout("other-seconds", otherSeconds, 300, 60));
        }

        private static int timeout(String key, @Nullable Integer given, int otherwise, int min) {
            return Defaults.range("worker.nat-timeouts." + key, Defaults.or(given, otherwise), min, MAX);
        }
    }
}
