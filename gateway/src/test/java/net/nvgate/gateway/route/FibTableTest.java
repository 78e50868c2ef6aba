package net.nvgate.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FibTableTest {

    private static final int RDIDS = 3;

    private record Key(int rdid, int prefix, int length) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void matchesTheNaiveSearchUnderChurn(long seed) {
        Random random = new Random(seed);
        RouteTables tables = new RouteTables(TestMemory::allocate, 1);
        Map<Key, FibRow> oracle = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            Key key = randomKey(random);
            if (random.nextInt(100) < (i / 500 % 2 == 0 ? 75 : 30)) {
                FibRow row = row(key, i);
                tables.tenantFib.put(row);
                oracle.put(key, row);
            } else {
                Key victim = oracle.isEmpty() || random.nextInt(10) == 0
                        ? key
                        : List.copyOf(oracle.keySet()).get(random.nextInt(oracle.size()));
                tables.tenantFib.remove(victim.rdid, victim.prefix, victim.length);
                oracle.remove(victim);
            }
            tables.reclaimer.seal();
            checkSome(random, tables.tenantFib, oracle);
        }
        assertThat(tables.tenantFib.size()).isEqualTo(oracle.size());
        assertThat(rows(tables.tenantFib)).containsExactlyInAnyOrderElementsOf(oracle.values());
        oracle.forEach((key, row) -> assertThat(tables.tenantFib.row(key.rdid, key.prefix, key.length))
                .isEqualTo(row));
    }

    @Test
    void everyLengthFromDefaultRouteToHostRouteNests() {
        RouteTables tables = new RouteTables(TestMemory::allocate, 1);
        int address = 0xc0a8_0103;
        for (int length = 0; length <= 32; length++) {
            tables.tenantFib.put(row(new Key(1, mask(address, length), length), length));
            assertThat(FibEntry.prefixLength(tables.tenantFib.find(1, address))).isEqualTo(length);
        }
        for (int length = 32; length >= 0; length--) {
            assertThat(FibEntry.prefixLength(tables.tenantFib.find(1, address))).isEqualTo(length);
            tables.tenantFib.remove(1, mask(address, length), length);
        }
        assertThat(tables.tenantFib.find(1, address)).isZero();
        assertThat(tables.tenantFib.find(2, address)).isZero();
        assertThat(tables.tenantFib.find(-1, address)).isZero();
    }

    @Test
    void fourThousandTenantsWithThreeRoutesStaySmall() {
        RouteTables tables = new RouteTables(TestMemory::allocate, 1);
        long before = tables.allocatedBytes();
        for (int rdid = 1; rdid <= 4000; rdid++) {
            tables.tenantFib.put(row(new Key(rdid, 0, 0), 1));
            tables.tenantFib.put(row(new Key(rdid, 0xc0a8_0100, 24), 2));
            tables.tenantFib.put(row(new Key(rdid, 0x0afe_fe00, 29), 3));
            tables.reclaimer.seal();
        }
        assertThat(tables.tenantFib.size()).isEqualTo(12_000);
        // 96 bytes of entries and nine nodes of 32 or 64 bytes each; the rest is room in the last slabs.
        assertThat((tables.allocatedBytes() - before) / 4000).isLessThan(1200);
    }

    private static void checkSome(Random random, FibTable fib, Map<Key, FibRow> oracle) {
        for (int i = 0; i < 20; i++) {
            int rdid = 1 + random.nextInt(RDIDS);
            int address = randomAddress(random);
            FibRow expected = naive(oracle, rdid, address);
            long found = fib.find(rdid, address);
            assertThat(found == 0 ? null : FibEntry.read(found)).isEqualTo(expected);
        }
    }

    private static @Nullable FibRow naive(Map<Key, FibRow> oracle, int rdid, int address) {
        for (int length = 32; length >= 0; length--) {
            FibRow row = oracle.get(new Key(rdid, mask(address, length), length));
            if (row != null) {
                return row;
            }
        }
        return null;
    }

    private static Key randomKey(Random random) {
        int length = random.nextInt(5) == 0 ? random.nextInt(9) : random.nextInt(33);
        return new Key(1 + random.nextInt(RDIDS), mask(randomAddress(random), length), length);
    }

    /** Clustered, so that prefixes nest and lookups hit. */
    private static int randomAddress(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt();
            case 1 -> 0x0a00_0000 | random.nextInt(1 << 12);
            default -> 0xc0a8_0000 | random.nextInt(1 << 8);
        };
    }

    private static FibRow row(Key key, int metric) {
        return new FibRow(key.rdid, key.prefix, key.length, FibEntry.VIA_CA, metric * 7, 6000, 0, 0, metric);
    }

    private static int mask(int address, int length) {
        return length == 0 ? 0 : address & -1 << (32 - length);
    }

    private static List<FibRow> rows(FibTable fib) {
        List<FibRow> rows = new ArrayList<>();
        for (int rdid = 0; rdid <= RDIDS; rdid++) {
            fib.forEach(rdid, rows::add);
        }
        return rows;
    }
}
