package net.nvgate.gateway.worker;

import java.security.SecureRandom;
import net.nvgate.gateway.fragment.DatagramTable;
import net.nvgate.gateway.fragment.HeldPackets;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TableSpace;
import org.jspecify.annotations.Nullable;

/** Makes the steps of one worker that deal with sizes: MSS, path MTU, fragments inside and outside, diagnosis. */
final class SizeParts {

    private static final int CACHE_LINE = 64;

    final MtuTable table;
    final MtuDiagnosis diagnosis;
    final MssClamp mss;
    final MssClamp6 mss6;
    final Fragments fragments;
    final OuterReassembly reassembly;
    /** Null: ICMP errors of the PA network are not believed. */
    final @Nullable PathMtuInput pathMtu;

    private final TableSpace.Source memory;
    private final SecureRandom random;
    private final WorkerClock clock;
    private final Disposal disposal;

    SizeParts(
            WorkerConfig config,
            RouteTables tables,
            PathMtus mtus,
            TableSpace.Source memory,
            SecureRandom random,
            WorkerClock clock,
            WorkerCounters counters,
            Disposal disposal) {
        this.memory = memory;
        this.random = random;
        this.clock = clock;
        this.disposal = disposal;
        MtuConfig mtu = config.mtu();
        table = new MtuTable(memory.allocate(MtuTable.bytes(), CACHE_LINE), tables.epochs);
        diagnosis = new MtuDiagnosis(tables, table, clock, counters);
        mss = new MssClamp(mtu.mssClamp(), mtus, diagnosis);
        mss6 = new MssClamp6(mtu.mssClamp(), mtus, diagnosis);
        FragmentStore inner = store(
                config.fragmentedMax(),
                mtu.fragmentsHeldMax(),
                Fragments.LIFETIME_MS,
                DropReason.FRAGMENT_LIMIT,
                DropReason.FRAGMENT_TIMEOUT);
        fragments = new Fragments(inner, tables.vsids, tables.tenantLinks, counters, disposal);
        int outerMax = mtu.outerReassembly() ? mtu.outerFragmentsHeldMax() : 1;
        FragmentStore outer = store(
                Integer.highestOneBit(outerMax),
                outerMax,
                OuterReassembly.LIFETIME_MS,
                DropReason.OUTER_FRAGMENT_LIMIT,
                DropReason.OUTER_FRAGMENT_TIMEOUT);
        reassembly = new OuterReassembly(mtu.outerReassembly(), outer, tables.peers, counters, disposal);
        pathMtu = mtu.pathMtuDiscovery() ? new PathMtuInput(tables, mtus, clock, counters, disposal) : null;
    }

    private FragmentStore store(int datagrams, int held, int lifetimeMs, DropReason limit, DropReason timeout) {
        long at = memory.allocate(DatagramTable.bytes(datagrams), CACHE_LINE);
        return new FragmentStore(
                new DatagramTable(at, datagrams, random.nextLong()),
                new HeldPackets(held),
                lifetimeMs,
                limit,
                timeout,
                clock,
                disposal);
    }
}
