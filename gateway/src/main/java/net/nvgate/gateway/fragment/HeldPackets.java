package net.nvgate.gateway.fragment;

import java.util.Arrays;

/**
 * Fragments that wait for the first one of their datagram, in order of arrival, and those whose wait is over. A fixed number in all,
 * per share and per datagram. Used by one thread.
 */
public final class HeldPackets {

    /** Of one datagram: 64 KiB in pieces of 1 KiB. */
    public static final int PER_DATAGRAM = 64;

    private final long[] mbuf;
    private final long[] ip;
    private final int[] length;
    private final int[] ports;
    private final int[] domain;
    private final int[] origin;
    private final int[] outerSource;
    private final int[] counter;
    private final long[] datagram;
    private final int[] share;
    private final int[] next;
    private final Shares shares;
    private int free;
    private int readyFirst = -1;
    private int readyLast = -1;
    private int taken = -1;

    public HeldPackets(int capacity) {
        mbuf = new long[capacity];
        ip = new long[capacity];
        length = new int[capacity];
        ports = new int[capacity];
        domain = new int[capacity];
        origin = new int[capacity];
        outerSource = new int[capacity];
        counter = new int[capacity];
        datagram = new long[capacity];
        share = new int[capacity];
        next = new int[capacity];
        Arrays.setAll(next, i -> i + 1 == capacity ? -1 : i + 1);
        shares = new Shares(capacity);
    }

    /** The share that must give up a packet before a share may hold one more, -1 when there is room. */
    public int inTheWay(int share) {
        return shares.victim(share);
    }

    /** Whether a datagram may hold one more. */
    public static boolean mayHold(long address) {
        return Datagram.held(address) < PER_DATAGRAM;
    }

    /**
     * Holds a packet, for which there is room.
     *
     * @param packetOrigin where it came from: VSID or VLAN, as {@link #origin} gives it back
     */
    public void hold(
            long address,
            long packet,
            long packetIp,
            int packetLength,
            int packetDomain,
            int packetOrigin,
            int packetOuterSource,
            int packetCounter) {
        int i = free;
        free = next[i];
        mbuf[i] = packet;
        ip[i] = packetIp;
        length[i] = packetLength;
        domain[i] = packetDomain;
        origin[i] = packetOrigin;
        outerSource[i] = packetOuterSource;
        counter[i] = packetCounter;
        datagram[i] = address;
        share[i] = Datagram.share(address);
        next[i] = -1;
        if (Datagram.held(address) == 0) {
            Datagram.heldFirst(address, i);
        } else {
            next[Datagram.heldLast(address)] = i;
        }
        Datagram.heldLast(address, i);
        Datagram.held(address, Datagram.held(address) + 1);
        shares.take(share[i]);
    }

    /** Takes the packet out that a datagram has held longest: {@link #mbuf} and {@link #counter} are its. False if it holds none. */
    public boolean takeFrom(long address) {
        if (Datagram.held(address) == 0) {
            return false;
        }
        int i = Datagram.heldFirst(address);
        Datagram.heldFirst(address, next[i]);
        Datagram.held(address, Datagram.held(address) - 1);
        give(i);
        return true;
    }

    /** The first fragment has come: the wait of the others is over. */
    public void release(long address) {
        int count = Datagram.held(address);
        if (count == 0) {
            return;
        }
        int first = Datagram.heldFirst(address);
        for (int i = first; i >= 0; i = next[i]) {
            ports[i] = Datagram.ports(address);
        }
        if (readyFirst < 0) {
            readyFirst = first;
        } else {
            next[readyLast] = first;
        }
        readyLast = Datagram.heldLast(address);
        Datagram.held(address, 0);
    }

    /** Whether a packet's wait is over. */
    public boolean hasReady() {
        return readyFirst >= 0;
    }

    /** Domain of the packet that {@link #takeReady} will take. */
    public int readyDomain() {
        return domain[readyFirst];
    }

    /** Takes the packet whose wait is over longest; what is said of it below is valid until the next one is taken or held. */
    public void takeReady() {
        int i = readyFirst;
        readyFirst = next[i];
        give(i);
    }

    private void give(int i) {
        shares.giveBack(share[i]);
        next[i] = free;
        free = i;
        taken = i;
    }

    public long mbuf() {
        return mbuf[taken];
    }

    /** Address of its IP header. */
    public long ip() {
        return ip[taken];
    }

    /** Bytes of the IP packet. */
    public int length() {
        return length[taken];
    }

    /** Ports of its first fragment. */
    public int ports() {
        return ports[taken];
    }

    public int domain() {
        return domain[taken];
    }

    public int origin() {
        return origin[taken];
    }

    public int outerSource() {
        return outerSource[taken];
    }

    /** Counters index of its VSID, -1 = none. */
    public int counter() {
        return counter[taken];
    }

    /** Its datagram, which may be another's by now: compare its key. */
    public long datagram() {
        return datagram[taken];
    }

    /** Packets that wait, or whose wait is over. */
    public int held() {
        return shares.total();
    }
}
