package net.nvgate.fabric.ovs;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the packets of a flow are counted as; travels in the flow's cookie, so that the switch itself keeps count. */
enum FlowCounter {
    NONE(0, false, "on the way to another table"),
    TUNNEL_OUT(0x101, false, "sent as NVGRE"),
    TUNNEL_IN(0x102, false, "received as NVGRE and delivered to a VM"),
    LOCAL(0x103, false, "delivered from VM to VM on this host"),
    ARP_ANSWERED(0x104, false, "ARP requests answered from lookup records"),
    ND_ANSWERED(0x105, false, "neighbor solicitations answered from lookup records"),
    UNKNOWN_PORT(0x201, true, "from an interface that is no virtual port of the policy"),
    VLAN_TAG(0x202, true, "802.1Q tag on a tenant frame (RFC 7637 section 3.2: an inner tag must be dropped)"),
    UNKNOWN_VSID(0x203, true, "NVGRE key of a virtual subnet without a VM on this host"),
    SPOOFED_MAC(0x204, true, "VM sent from a MAC that is not its own"),
    SPOOFED_ADDRESS(0x205, true, "VM sent from a CA that is not its own"),
    SPOOFED_ARP(0x206, true, "VM claimed a CA or MAC that is not its own in ARP"),
    NOT_IP(0x207, true, "neither IP nor ARP"),
    MULTICAST(0x208, true, "multicast or broadcast IP from a VM: the virtual subnet has no L2Only record"),
    GRATUITOUS_ARP(0x209, true, "ARP of a VM for its own CA: records tell everyone already"),
    ARP_UNKNOWN(0x20a, true, "ARP for a CA without lookup record, or an ARP reply"),
    NO_ROUTE(0x20b, true, "no customer route to the destination"),
    TTL_EXPIRED(0x20c, true, "TTL ran out at the distributed router"),
    NO_RECORD(0x20d, true, "no lookup record for the next hop"),
    TO_ROUTER(0x20e, true, "addressed to the distributed router itself, which answers nothing but ARP and ND"),
    NOT_PLUGGED(0x20f, true, "to a VM of this host whose interface is not plugged in"),
    SPOOFED_SOURCE(0x210, true, "NVGRE from a PA that is not the one of the inner source"),
    UNKNOWN_DESTINATION(0x211, true, "NVGRE whose inner MAC and address are no VM on this host"),
    SPOOFED_ND(
            0x212,
            true,
            "VM claimed a CA or MAC that is not its own in a neighbor solicitation, or it had been forwarded"),
    OWN_ADDRESS_ND(0x213, true, "neighbor solicitation of a VM for its own CA: it looks for duplicates"),
    ND_UNKNOWN(0x214, true, "solicitation for a CA without lookup record, or another message of Neighbor Discovery");

    /** Cookie bits to ask the switch for counted flows only. */
    static final String ANY_COOKIE_OF_CLASS_1 = "cookie=0x100/0xff00";

    static final String ANY_COOKIE_OF_DROPS = "cookie=0x200/0xff00";

    static final Set<FlowCounter> OF_SENDER = Collections.unmodifiableSet(EnumSet.of(
            SPOOFED_MAC, SPOOFED_ADDRESS, SPOOFED_ARP, SPOOFED_ND, ARP_UNKNOWN, ND_UNKNOWN, NO_ROUTE, NO_RECORD));

    private final long cookie;
    private final boolean drop;
    private final String meaning;

    FlowCounter(long cookie, boolean drop, String meaning) {
        this.cookie = cookie;
        this.drop = drop;
        this.meaning = meaning;
    }

    long cookie() {
        return cookie;
    }

    boolean isDrop() {
        return drop;
    }

    String meaning() {
        return meaning;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Dropped by what the sender is or wants, so that it is counted for its port. */
    boolean isOfSender() {
        return OF_SENDER.contains(this);
    }

    /** @param cookie of a flow, see {@link Flow#cookie} */
    static Optional<FlowCounter> ofCookie(long cookie) {
        long own = cookie & 0xffff_ffffL;
        for (FlowCounter counter : values()) {
            if (counter.cookie == own) {
                return Optional.of(counter);
            }
        }
        return Optional.empty();
    }
}
