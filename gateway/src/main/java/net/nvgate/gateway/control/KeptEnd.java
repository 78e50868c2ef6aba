package net.nvgate.gateway.control;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.nat.MappingEvents;

/** Something of the process before that this one does not go on with. Times are milliseconds since 1970. */
public sealed interface KeptEnd {

    /**
     * A session.
     *
     * @param domain index of its tenant now, 0 = it is gone
     * @param remote as the inside host knew it: IPv6 behind NAT64
     * @param lastMs its last packet
     * @param atMs when the process before ended
     * @param translated false for addresses that are exempt from NAT
     */
    record OfSession(
            int domain,
            int protocol,
            IpAddress inside,
            int insidePort,
            Ipv4Address external,
            int externalPort,
            IpAddress remote,
            Ipv4Address remoteIpv4,
            int remotePort,
            long startMs,
            long lastMs,
            long atMs,
            boolean translated,
            boolean fromOutside)
            implements KeptEnd {}

    /**
     * A mapping, or with {@link MappingEvents.Kind#UNBOUND} a host's external address.
     *
     * @param domain index of its tenant now, 0 = it is gone
     * @param atMs when the process before ended
     */
    record OfMapping(
            MappingEvents.Kind kind,
            int domain,
            int protocol,
            IpAddress inside,
            int insidePort,
            Ipv4Address external,
            int externalPort,
            long atMs)
            implements KeptEnd {}
}
