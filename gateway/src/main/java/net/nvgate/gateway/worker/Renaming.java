package net.nvgate.gateway.worker;

import net.nvgate.gateway.fragment.Datagram;
import net.nvgate.gateway.fragment.Identifications;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ipv4;

/**
 * Gives datagrams that may be fragmented, or are fragments, an identification that is their own among all that leave with the same
 * external address (RFC 6864 §5.3.1). Atomic datagrams, those with DF that are no fragments, keep theirs: nobody reads it.
 */
final class Renaming {

    private final Identifications identifications;

    Renaming(Identifications identifications) {
        this.identifications = identifications;
    }

    static boolean isAtomic(int fragmentWord) {
        return fragmentWord == Ipv4.DONT_FRAGMENT;
    }

    /** A packet that is no fragment and is about to leave by an external address. */
    void whole(long ip, int external) {
        rename(ip, identifications.next(external, Ipv4.destination(ip), Ipv4.protocol(ip)));
    }

    /** A fragment that is about to leave by an external address: all of its datagram get the same identification. */
    void fragment(long ip, int external, long datagram) {
        int id = Datagram.newId(datagram);
        if (id < 0) {
            id = identifications.next(external, Ipv4.destination(ip), Ipv4.protocol(ip));
            Datagram.newId(datagram, id);
        }
        rename(ip, id);
    }

    private static void rename(long ip, int id) {
        int delta = Checksum.delta16(Ipv4.id(ip), id);
        Ipv4.id(ip, id);
        Ipv4.checksum(ip, Checksum.apply(Ipv4.checksum(ip), delta));
    }
}
