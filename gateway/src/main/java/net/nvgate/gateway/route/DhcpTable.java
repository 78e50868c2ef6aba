package net.nvgate.gateway.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * What DHCP tells the VMs of a subnet.
 *
 * <pre>
 * entry:  0 vsid (i64)    8 router (i32)   12 leaseSeconds (i32)   16 mtu (i32)   20 servers (u8)   21 length of domain (u8)
 *        24 .. 55 DNS servers (i32)   56 .. 308 domain, ASCII
 * </pre>
 */
public final class DhcpTable {

    /** DNS servers of a subnet. */
    public static final int SERVERS_MAX = 8;

    /** Bytes of a domain name (RFC 1035 §3.1). */
    public static final int DOMAIN_MAX = 253;

    private static final int SERVERS = 24;
    private static final int DOMAIN = SERVERS + 4 * SERVERS_MAX;
    private static final int BYTES = 320;

    private final HashIndex index;
    private final BlockPool pool;

    DhcpTable(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 1);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /**
     * Any thread.
     *
     * @return address of an entry for the static readers here, valid until the caller's next quiescent point; 0 = no DHCP there
     */
    public long find(int vsid) {
        return index.find(vsid);
    }

    /** The subnet's default gateway, which is the server's identifier as well. */
    public static int router(long entry) {
        return Mem.i32(entry + 8);
    }

    public static int leaseSeconds(long entry) {
        return Mem.i32(entry + 12);
    }

    /** Bytes of the largest IP packet; 0 = say nothing. */
    public static int mtu(long entry) {
        return Mem.i32(entry + 16);
    }

    /** DNS servers, 0..8. */
    public static int servers(long entry) {
        return Mem.u8(entry + 20);
    }

    public static int server(long entry, int i) {
        return Mem.i32(entry + SERVERS + 4L * i);
    }

    /** Bytes of the domain name; 0 = none. */
    public static int domainLength(long entry) {
        return Mem.u8(entry + 21);
    }

    /** Address of the domain name. */
    public static long domain(long entry) {
        return entry + DOMAIN;
    }

    /** Writer: sets the row of a subnet. */
    public void put(Row row) {
        long entry = pool.allocate();
        Mem.i64(entry, row.vsid);
        Mem.i32(entry + 8, row.router);
        Mem.i32(entry + 12, row.leaseSeconds);
        Mem.i32(entry + 16, row.mtu);
        Mem.u8(entry + 20, row.servers.size());
        for (int i = 0; i < row.servers.size(); i++) {
            Mem.i32(entry + SERVERS + 4L * i, row.servers.get(i));
        }
        byte[] name = row.domain.getBytes(StandardCharsets.US_ASCII);
        Mem.u8(entry + 21, name.length);
        for (int i = 0; i < name.length; i++) {
            Mem.u8(entry + DOMAIN + i, name[i]);
        }
        long old = index.put(entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes a subnet; nothing if it is not there. */
    public void remove(int vsid) {
        long entry = find(vsid);
        if (entry != 0) {
            index.remove(entry);
            pool.retire(entry);
        }
    }

    /** Writer: the row of a subnet. */
    public @Nullable Row row(int vsid) {
        long entry = find(vsid);
        return entry == 0 ? null : read(entry);
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<Row> action) {
        index.forEach(entry -> action.accept(read(entry)));
    }

    private static Row read(long entry) {
        List<Integer> servers = new ArrayList<>();
        for (int i = 0; i < servers(entry); i++) {
            servers.add(server(entry, i));
        }
        byte[] name = new byte[domainLength(entry)];
        for (int i = 0; i < name.length; i++) {
            name[i] = (byte) Mem.u8(entry + DOMAIN + i);
        }
        return new Row(
                (int) Mem.i64(entry),
                router(entry),
                leaseSeconds(entry),
                mtu(entry),
                servers,
                new String(name, StandardCharsets.US_ASCII));
    }

    /** A row as the control thread handles it. */
    public record Row(int vsid, int router, int leaseSeconds, int mtu, List<Integer> servers, String domain) {

        public Row {
            servers = List.copyOf(servers);
            if (servers.size() > SERVERS_MAX || domain.length() > DOMAIN_MAX) {
                throw new IllegalArgumentException(servers.size() + " servers, domain of " + domain.length());
            }
        }
    }
}
