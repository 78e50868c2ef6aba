package net.nvgate.gateway.route;

import java.util.function.Consumer;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * Tenant interfaces: 802.1Q sub-interfaces that each belong to one tenant, by port and VLAN, with our IPv4 addresses on them; {@link TenantLinkAddresses6} has the others. What
 * packets that come in by one are checked and answered by.
 *
 * <pre>
 * interface: laid out as a {@link VsidEntry}, so that a packet from there has a domain, an address of the gateway for ICMP errors
 *            and a counters index like one from a VSID; its vsid is minus its link
 *            behind it: 0 link (i32)   4 urpf (i32)
 * address:    0 link << 32 | address (i64)   8 prefixLength (i32)
 * </pre>
 */
public final class TenantLinks {

    /** No check of source addresses. */
    public static final int URPF_OFF = 0;
    /** Some route to the source must exist, other than a default route (RFC 3704 §2.4). */
    public static final int URPF_LOOSE = 1;
    /** The route to the source must lead out of the interface (RFC 3704 §2.2). */
    public static final int URPF_STRICT = 2;

    private static final int LINK = VsidEntry.BYTES;
    private static final int URPF = LINK + 4;
    private static final int BYTES = VsidEntry.BYTES + 64;
    private static final int ADDRESS_BYTES = 32;
    private static final int VLAN_BITS = 12;
    private static final int BACK_END = 1 << VLAN_BITS;

    private final PointerArray interfaces;
    private final BlockPool entries;
    private final HashIndex addresses;
    private final BlockPool addressEntries;

    TenantLinks(TableSpace space, Reclaimer reclaimer) {
        this.interfaces = new PointerArray(space, reclaimer);
        this.entries = new BlockPool(space, reclaimer, BYTES);
        this.addresses = new HashIndex(space, reclaimer, 1);
        this.addressEntries = new BlockPool(space, reclaimer, ADDRESS_BYTES);
    }

    /** Number of a VLAN of the external port, 1..4094. */
    public static int frontEnd(int vlan) {
        return vlan;
    }

    /** Number of a VLAN of the PA port, 4097..8190. */
    public static int backEnd(int vlan) {
        return BACK_END | vlan;
    }

    public static boolean isBackEnd(int link) {
        return (link & BACK_END) != 0;
    }

    public static int vlan(int link) {
        return link & (BACK_END - 1);
    }

    /**
     * Any thread.
     *
     * @return address of an interface entry, which {@link VsidEntry} and this class read, valid until the caller's next quiescent
     *     point; 0 = the VLAN is no tenant's
     */
    public long find(int link) {
        return interfaces.get(link);
    }

    /** Any thread: whether an address is ours on an interface. */
    public boolean owns(int link, int address) {
        return addresses.find(key(link, address)) != 0;
    }

    public static int link(long entry) {
        return Mem.i32(entry + LINK);
    }

    /** One of the URPF constants. */
    public static int urpf(long entry) {
        return Mem.i32(entry + URPF);
    }

    /** Writer: sets the row of an interface. */
    public void put(Row row) {
        long entry = entries.allocate();
        VsidRow.V6 v6 = new VsidRow.V6(0, row.address6, 0, Ipv6Address.UNSPECIFIED, 0);
        VsidEntry.write(
                entry,
                new VsidRow(-row.link, row.rdid, row.flags, 0, row.address, 0, 0, 0, 0, 0, row.countersIndex, v6));
        Mem.i32(entry + LINK, row.link);
        Mem.i32(entry + URPF, row.urpf);
        long old = interfaces.get(row.link);
        interfaces.set(row.link, entry);
        if (old != 0) {
            entries.retire(old);
        }
    }

    /** Writer: removes an interface; nothing if there is none. */
    public void remove(int link) {
        long old = interfaces.get(link);
        if (old != 0) {
            interfaces.set(link, 0);
            entries.retire(old);
        }
    }

    /** Writer: the row of an interface. */
    public @Nullable Row row(int link) {
        long entry = find(link);
        return entry == 0
                ? null
                : new Row(
                        link,
                        VsidEntry.rdid(entry),
                        urpf(entry),
                        VsidEntry.gatewayCa(entry),
                        new Ipv6Address(VsidEntry.gatewayCa6High(entry), VsidEntry.gatewayCa6Low(entry)),
                        VsidEntry.flags(entry),
                        VsidEntry.countersIndex(entry));
    }

    /** Writer: sets one of our addresses on an interface. */
    public void putAddress(Address row) {
        long entry = addressEntries.allocate();
        Mem.i64(entry, key(row.link, row.address));
        Mem.i32(entry + 8, row.prefixLength);
        long old = addresses.put(entry);
        if (old != 0) {
            addressEntries.retire(old);
        }
    }

    /** Writer: removes an address; nothing if it is not there. */
    public void removeAddress(int link, int address) {
        long entry = addresses.find(key(link, address));
        if (entry != 0) {
            addresses.remove(entry);
            addressEntries.retire(entry);
        }
    }

    /** Writer: every address, in no order. */
    public void forEachAddress(Consumer<Address> action) {
        addresses.forEach(entry -> {
            long key = Mem.i64(entry);
            action.accept(new Address((int) (key >>> 32), (int) key, Mem.i32(entry + 8)));
        });
    }

    private static long key(int link, int address) {
        return (long) link << 32 | Integer.toUnsignedLong(address);
    }

    /**
     * An interface as the control thread handles it.
     *
     * @param address ours that ICMP errors come from, 0 = none
     * @param address6 as {@code address}, of ICMPv6; :: = none
     * @param flags of {@link VsidEntry}: the tenant's DSCP model
     * @param countersIndex as in {@link VsidEntry#countersIndex}, -1 = none
     */
    public record Row(int link, int rdid, int urpf, int address, Ipv6Address address6, int flags, int countersIndex) {

        /** Without IPv6. */
        public Row(int link, int rdid, int urpf, int address, int flags, int countersIndex) {
            this(link, rdid, urpf, address, Ipv6Address.UNSPECIFIED, flags, countersIndex);
        }
    }

    /** One of our IPv4 addresses on an interface as the control thread handles it. */
    public record Address(int link, int address, int prefixLength) {}
}
