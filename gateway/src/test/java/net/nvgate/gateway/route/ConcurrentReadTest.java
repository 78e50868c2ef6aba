package net.nvgate.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A worker reads while the writer churns: each entry it gets is whole and is the one it asked for. */
class ConcurrentReadTest {

    private static final int CAS = 200;
    private static final int READS_MIN = 2_000_000;

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 2);
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong hits = new AtomicLong();
    private volatile boolean stop;

    @Test
    void noEntryIsTornReusedOrMissing() throws InterruptedException, ExecutionException {
        int slot = tables.quiescence.register();
        tables.epochs.bump(1);
        for (int ca = 0; ca < CAS; ca += 2) {
            put(ca, 0);
        }
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> read(slot));
        Random random = new Random(5);
        for (int i = 1; reads.get() < READS_MIN && !reader.isDone(); i++) {
            int ca = random.nextInt(CAS);
            // Even CAs are only ever replaced, so the reader must always find them.
            if ((ca & 1) == 1 && random.nextBoolean()) {
                tables.records.remove(1, ca);
                tables.tenantFib.remove(1, ca << 8, 24);
            } else {
                put(ca, i);
            }
            tables.reclaimer.seal();
        }
        stop = true;
        reader.get();
        assertThat(hits.get()).isGreaterThan(READS_MIN / 4);
        tables.quiescence.unregister(slot);
        tables.reclaimer.seal();
        assertThat(tables.reclaimer.pending()).isZero();
    }

    /** All fields of an entry derive from CA and version, so that a mixture of two shows. */
    private void put(int ca, int version) {
        tables.records.put(new LookupRow(1, ca, version, mac(ca, version), pa(ca, version), 0, 0, ~version));
        tables.tenantFib.put(new FibRow(1, ca << 8, 24, FibEntry.VIA_CA, pa(ca, version), version, 0, 0, ~version));
    }

    private void read(int slot) {
        Random random = new Random(6);
        tables.quiescence.unpark(slot);
        while (!stop) {
            for (int burst = 0; burst < 32; burst++) {
                check(random.nextInt(CAS));
            }
            reads.lazySet(reads.get() + 32);
            tables.quiescence.pass(slot);
        }
        tables.quiescence.park(slot);
    }

    private void check(int ca) {
        long record = tables.records.find(1, ca);
        long route = tables.tenantFib.find(1, ca << 8 | 9);
        if ((ca & 1) == 0 && (record == 0 || route == 0)) {
            throw new AssertionError("missing " + ca);
        }
        if (record != 0) {
            int version = LookupEntry.vsid(record);
            boolean whole = LookupEntry.ca(record) == ca
                    && LookupEntry.rdid(record) == 1
                    && LookupEntry.mac(record) == mac(ca, version)
                    && LookupEntry.pa(record) == pa(ca, version)
                    && LookupEntry.countersIndex(record) == ~version;
            if (!whole) {
                throw new AssertionError("torn record " + LookupEntry.read(record));
            }
            hits.lazySet(hits.get() + 1);
        }
        if (route != 0) {
            int version = FibEntry.vsid(route);
            boolean whole = FibEntry.prefix(route) == ca << 8
                    && FibEntry.nextHop(route) == pa(ca, version)
                    && FibEntry.metric(route) == ~version;
            if (!whole) {
                throw new AssertionError("torn route " + FibEntry.read(route));
            }
        }
    }

    private static long mac(int ca, int version) {
        return ((long) version << 16 | ca) & 0xffff_ffff_ffffL;
    }

    private static int pa(int ca, int version) {
        return version * 31 + ca;
    }
}
