package net.nvgate.gateway.export;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.worker.EventKind;
import org.jspecify.annotations.Nullable;

/** Something a collector may be told. Times are milliseconds since 1970; what is not known is 0 or null. */
sealed interface Observation {

    /** Index of the routing domain, 0 = none. */
    int domain();

    long atMs();

    /** What became of a session. */
    enum Life {
        MADE,
        LIVES,
        ENDED
    }

    /** Why a flow is reported, with the values of flowEndReason (RFC 5102 section 5.11.3). */
    enum EndReason {
        IDLE_TIMEOUT(1),
        ACTIVE_TIMEOUT(2),
        END_OF_FLOW(3),
        FORCED_END(4),
        /** It was a process's before this one, and has not outlived that one: a forced end, too. */
        RESTART(4);

        final int value;

        EndReason(int value) {
            this.value = value;
        }
    }

    /**
     * A session, seen from its inside host. Ports are 0..65535, the identifier for ICMP.
     *
     * @param vsid of the VM, 0 = none
     * @param remote as the inside host knows it: IPv6 behind NAT64
     * @param remoteIpv4 as the physical side knows it
     * @param startMs of what is counted here, {@code endMs} that of its last packet
     * @param packetsOut from inside, since the session was last reported; so are the other three
     * @param translated false for addresses that are exempt from NAT
     * @param fromOutside its first packet came from outside
     */
    record OfSession(
            Life life,
            int domain,
            int vsid,
            int protocol,
            IpAddress inside,
            int insidePort,
            Ipv4Address external,
            int externalPort,
            IpAddress remote,
            Ipv4Address remoteIpv4,
            int remotePort,
            long atMs,
            long startMs,
            long endMs,
            EndReason reason,
            long packetsOut,
            long bytesOut,
            long packetsIn,
            long bytesIn,
            boolean translated,
            boolean fromOutside)
            implements Observation {}

    /**
     * A block of ports given to a host, or taken back.
     *
     * @param vsid of the VM, 0 = none
     * @param pool see {@link Names#pool}
     * @param byRestart it was given by a process before this one, and has not outlived that one
     */
    record OfBlock(
            boolean assigned,
            int domain,
            int vsid,
            IpAddress inside,
            Ipv4Address external,
            int firstPort,
            int lastPort,
            int pool,
            long atMs,
            boolean byRestart)
            implements Observation {}

    /**
     * A mapping made or ended, or a host that was bound to an external address.
     *
     * @param vsid of the VM, 0 = none
     * @param byRestart it was made by a process before this one, and has not outlived that one
     */
    record OfMapping(
            MappingEvents.Kind kind,
            int domain,
            int vsid,
            int protocol,
            IpAddress inside,
            int insidePort,
            Ipv4Address external,
            int externalPort,
            long atMs,
            boolean byRestart)
            implements Observation {}

    /**
     * Something rare, once or {@code count} times.
     *
     * @param limit that was reached, 0 = none that is known
     * @param pool see {@link Names#pool}, 0 = none
     */
    record OfEvent(
            EventKind kind,
            int domain,
            @Nullable IpAddress inside,
            @Nullable Ipv4Address external,
            int protocol,
            long limit,
            int pool,
            long count,
            long atMs)
            implements Observation {}
}
