package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import org.jspecify.annotations.Nullable;

/**
 * The worker: where it runs and how much it holds. Ranges are checked here, memory is taken at start.
 *
 * @param cpu empty = the highest CPU the process may use, if it may use more than one
 * @param flowsMax sessions
 * @param natAddressesMax external addresses with sessions
 * @param nextHopsMax VMs and neighbours in use
 * @param vsidsMax VSIDs with counters of their own
 * @param fragmentedMax fragmented datagrams followed, a power of two
 * @param tcpMidstream a TCP packet without SYN and without session makes one
 * @param icmpErrorsPerSecond ICMP errors originated at most for each tenant, and for the external side
 * @param heldSynsMax unsolicited TCP SYNs that wait for their verdict, a power of two; 0 = none is answered
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
            @Nullable Integer cpu,
            @Nullable Integer flowsMax,
            @Nullable Integer natAddressesMax,
            @Nullable Integer nextHopsMax,
            @Nullable Integer vsidsMax,
            @Nullable Integer fragmentedMax,
            @Nullable Boolean tcpMidstream,
            @Nullable Integer icmpErrorsPerSecond,
            @Nullable Idle idle,
            @Nullable NatTimeouts natTimeouts,
            @Nullable MtuSettings mtu,
            @Nullable Integer heldSynsMax) {
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
     *
     * @param polls empty polls before it sleeps
     * @param sleepMicrosMax longest sleep between polls, 0 = never sleep
     */
    public record Idle(int polls, int sleepMicrosMax) {

        @JsonCreator
        public static Idle of(@Nullable Integer polls, @Nullable Integer sleepMicrosMax) {
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
                @Nullable Integer udpSeconds,
                @Nullable Integer tcpEstablishedSeconds,
                @Nullable Integer tcpTransitorySeconds,
                @Nullable Integer tcpOpeningSeconds,
                @Nullable Integer icmpSeconds,
                @Nullable Integer otherSeconds) {
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
