package net.nvgate.gateway.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.kept.KeptFile;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.nat.KeptMappings;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.nat64.EmbeddedAddress;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.worker.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of sessions, mappings, hosts' addresses and port blocks that have not outlived a restart. Whoever was told that they were made
 * would believe for ever that they are (RFC 8158, RFC 6888 §4). One thread of its own, as those who are told may be slow.
 *
 * <pre>
 *  rows of the file - those that live again = ended, as of when the file was written
 *    1: which have ended, and of which blocks and hosts     2: those blocks and hosts have others that live?   tell of sessions
 *    3: tell of mappings, then of their hosts and blocks
 * </pre>
 */
final class KeptEnds implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(KeptEnds.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final KeptFile file;
    private final BitSet living;
    private final int[] domains;
    private final Predicate<KeptEnd> sink;
    private final Predicate<PortBlockEvents.Event> blocks;
    private final Set<Block> endedBlocks = new HashSet<>();
    private final Set<Host> endedHosts = new HashSet<>();
    private final Map<Integer, Nat64Host> handles = new HashMap<>();
    private int rows;
    private long ended;
    private long told;
    private volatile boolean stopped;

    private record Block(int external, int first, int order) {}

    private record Host(int domain, IpAddress address) {}

    private record Nat64Host(Ipv6Address address, long prefixHigh, long prefixLow, int prefixLength) {}

    /**
     * @param file that nobody else uses any more; closed at the end
     * @param living sessions and mappings that live again, by the number of their row
     * @param domains of the tenants now by those in the file, 0 = gone
     * @param sink false = not now, later
     * @param blocks as {@code sink}
     */
    KeptEnds(
            KeptFile file,
            BitSet living,
            int[] domains,
            Predicate<KeptEnd> sink,
            Predicate<PortBlockEvents.Event> blocks) {
        this.file = file;
        this.living = living;
        this.domains = domains.clone();
        this.sink = sink;
        this.blocks = blocks;
    }

    /** Any thread: what is not told by now is not told at all. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try (file) {
            pass(this::note);
            if (ended > 0) {
                pass(this::sessionEnded);
                pass(this::mappingEnded);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("collectors are not told of all that has ended with the process before: {}", e.toString());
        }
        if (stopped || told < ended) {
            LOG.warn("of ends of sessions and mappings of before {} were told, not all", told);
        }
    }

    private void pass(KeptFile.Rows each) throws IOException {
        rows = 0;
        file.forEach((kind, at) -> {
            if (kind == KeptKind.WORKER) {
                handles.clear();
            } else if (kind == KeptKind.HOST) {
                handles.put(
                        Mem.i32(at),
                        new Nat64Host(
                                new Ipv6Address(Mem.i64(at + 8), Mem.i64(at + 16)),
                                Mem.i64(at + 24),
                                Mem.i64(at + 32),
                                Mem.i32(at + 40)));
            }
            if (!stopped) {
                each.row(kind, at);
            }
            rows++;
        });
    }

    private boolean lives() {
        return living.get(rows);
    }

    private void note(KeptKind kind, long at) {
        boolean counts = kind == KeptKind.SESSION || kind == KeptKind.MAPPING;
        if (!counts || lives()) {
            return;
        }
        ended++;
        if (kind == KeptKind.MAPPING) {
            endedHosts.add(host(at));
            if (KeptMappings.blockOrder(at) != 0) {
                endedBlocks.add(block(at));
            }
        }
    }

    private void sessionEnded(KeptKind kind, long at) {
        if (kind == KeptKind.SESSION && !lives()) {
            KeptEnd.OfSession end = session(at);
            told += tell(() -> sink.test(end)) ? 1 : 0;
        } else if (kind == KeptKind.MAPPING && lives()) {
            endedHosts.remove(host(at));
            endedBlocks.remove(block(at));
        }
    }

    private void mappingEnded(KeptKind kind, long at) {
        if (kind != KeptKind.MAPPING || lives()) {
            return;
        }
        KeptEnd.OfMapping end = mapping(at, MappingEvents.Kind.ENDED);
        told += tell(() -> sink.test(end)) ? 1 : 0;
        if (endedHosts.remove(host(at))) {
            KeptEnd.OfMapping unbound = mapping(at, MappingEvents.Kind.UNBOUND);
            var _ = tell(() -> sink.test(unbound));
        }
        Block block = block(at);
        if (endedBlocks.remove(block)) {
            // On the clock of the workers, as all of them.
            long atMs = Worker.nowMs() - (System.currentTimeMillis() - file.writtenAtMs());
            PortBlockEvents.Event event = new PortBlockEvents.Event(
                    false,
                    now(KeptMappings.domain(at)),
                    inside(KeptMappings.ca(at)),
                    new Ipv4Address(block.external()),
                    block.first(),
                    block.first() + (1 << block.order()) - 1,
                    atMs,
                    true);
            var _ = tell(() -> blocks.test(event));
        }
    }

    /** False: stopped before somebody took it. */
    private boolean tell(BooleanSupplier offer) {
        while (!stopped) {
            if (offer.getAsBoolean()) {
                return true;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return false;
    }

    private KeptEnd.OfSession session(long row) {
        long key0 = Mem.i64(row);
        long key1 = Mem.i64(row + 8);
        int ca = FlowKey.source(key0);
        int remote = FlowKey.destination(key0);
        int flags = Mem.u8(row + 23);
        long atMs = file.writtenAtMs();
        Nat64Host host = InsideHosts.isHandle(ca) ? handles.get(ca) : null;
        IpAddress known = host == null
                ? new Ipv4Address(remote)
                : new Ipv6Address(
                        EmbeddedAddress.high(host.prefixHigh, host.prefixLength, remote),
                        EmbeddedAddress.low(host.prefixLow, host.prefixLength, remote));
        return new KeptEnd.OfSession(
                now(FlowKey.domain(key1)),
                FlowKey.protocol(key1),
                inside(ca),
                FlowKey.sourcePort(key1),
                new Ipv4Address(Mem.i32(row + 16)),
                Mem.u16(row + 20),
                known,
                new Ipv4Address(remote),
                FlowKey.destinationPort(key1),
                atMs - Mem.i64(row + 40),
                atMs - Mem.i32(row + 28),
                atMs,
                (flags & Session.IDENTITY) == 0,
                (flags & Session.FROM_OUTSIDE) != 0);
    }

    private KeptEnd.OfMapping mapping(long row, MappingEvents.Kind kind) {
        return new KeptEnd.OfMapping(
                kind,
                now(KeptMappings.domain(row)),
                KeptMappings.protocol(row),
                inside(KeptMappings.ca(row)),
                KeptMappings.port(row),
                new Ipv4Address(KeptMappings.external(row)),
                KeptMappings.externalPort(row),
                file.writtenAtMs());
    }

    private Host host(long row) {
        return new Host(KeptMappings.domain(row), inside(KeptMappings.ca(row)));
    }

    private static Block block(long row) {
        int order = KeptMappings.blockOrder(row);
        return new Block(KeptMappings.external(row), KeptMappings.externalPort(row) >>> order << order, order);
    }

    private IpAddress inside(int ca) {
        Nat64Host host = InsideHosts.isHandle(ca) ? handles.get(ca) : null;
        return host == null ? new Ipv4Address(ca) : host.address;
    }

    private int now(int domain) {
        return domain < domains.length ? domains[domain] : 0;
    }
}
