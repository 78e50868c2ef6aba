package net.nvgate.gateway.neighbor;

import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.route.BlockPool;
import net.nvgate.gateway.route.HashIndex;
import net.nvgate.gateway.route.Quiescence;
import net.nvgate.gateway.route.Reclaimer;
import net.nvgate.gateway.route.TableSpace;

/** (port, IP address) to MAC. Workers read without locks; the agent writes, and views read under its lock. */
public final class NeighborTable {

    private final Reclaimer reclaimer;
    private final HashIndex index;
    private final BlockPool pool;

    /**
     * @param memory where the table lives, e.g. {@code TableMemory::allocate}
     * @param quiescence the workers'
     */
    public NeighborTable(TableSpace.Source memory, Quiescence quiescence) {
        TableSpace space = new TableSpace(memory);
        this.reclaimer = new Reclaimer(quiescence);
        this.index = new HashIndex(space, reclaimer, 3);
        this.pool = new BlockPool(space, reclaimer, NeighborEntry.BYTES);
    }

    /**
     * Any thread.
     *
     * @param port DPDK port id
     * @param address IPv4, host order
     * @return address of a {@link NeighborEntry}, valid until the caller's next quiescent point; 0 = nobody has asked for it
     */
    public long find(int port, int address) {
        return find(port, 0, Addresses.mapped(address));
    }

    /** Any thread: as {@link #find(int, int)}, for both families, see {@link Addresses}. */
    public long find(int port, long high, long low) {
        return index.find(port, high, low);
    }

    /** Agent. */
    synchronized void set(int port, IpAddress address, long mac, NeighborState state) {
        long link = NeighborEntry.link(mac, state);
        long entry = find(port, Addresses.high(address), Addresses.low(address));
        if (entry != 0) {
            VarHandle.releaseFence();
            Mem.i64(entry + 8, link);
            return;
        }
        long fresh = pool.allocate();
        NeighborEntry.key(fresh, port, Addresses.high(address), Addresses.low(address));
        Mem.i64(fresh + 8, link);
        index.put(fresh);
    }

    /** Agent. */
    synchronized void remove(int port, IpAddress address) {
        long entry = find(port, Addresses.high(address), Addresses.low(address));
        if (entry != 0) {
            index.remove(entry);
            pool.retire(entry);
        }
    }

    /** Agent: reclaims what no worker can hold any more. */
    synchronized void reclaim() {
        reclaimer.seal();
    }

    /** Any control thread: every neighbour, in no order. */
    public synchronized void forEach(Consumer<Row> action) {
        index.forEach(entry -> {
            long link = NeighborEntry.link(entry);
            action.accept(new Row(
                    NeighborEntry.port(entry),
                    Addresses.of(NeighborEntry.high(entry), NeighborEntry.low(entry)),
                    new MacAddress(NeighborEntry.mac(link)),
                    NeighborState.ofCode(NeighborEntry.state(link))));
        });
    }

    /** A neighbour, for views. */
    public record Row(int port, IpAddress address, MacAddress mac, NeighborState state) {}
}
