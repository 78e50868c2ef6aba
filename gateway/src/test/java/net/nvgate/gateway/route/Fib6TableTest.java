package net.nvgate.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The IPv6 tables against plain maps. */
class Fib6TableTest {

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 1);

    private static Fib6Row row(IpPrefix prefix, int metric) {
        return new Fib6Row(
                2,
                (Ipv6Address) prefix.address(),
                prefix.length(),
                FibEntry.VIA_CA,
                new Ipv6Address(metric, ~metric),
                7000,
                5,
                new Ipv6Address(3, 4),
                metric);
    }

    /** Few distinct bits, so that prefixes nest and share nodes in both words of the key. */
    private static Ipv6Address random(Random random) {
        long high = 0x2001_0db8_0000_0000L | random.nextInt(4);
        long low = random.nextLong() & 0xc000_0000_0003_0007L;
        return new Ipv6Address(high, low);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24})
    void matchesTheNaiveSearchUnderChurn(long seed) {
        Random random = new Random(seed);
        Map<IpPrefix, Fib6Row> oracle = new HashMap<>();
        for (int i = 0; i < 2000; i++) {
            IpPrefix prefix = IpPrefix.of(random(random), random.nextInt(129));
            if (random.nextInt(100) < (i / 400 % 2 == 0 ? 75 : 30)) {
                tables.tenantFib6.put(row(prefix, i));
                oracle.put(prefix, row(prefix, i));
            } else {
                IpPrefix victim = oracle.isEmpty() || random.nextInt(10) == 0
                        ? prefix
                        : List.copyOf(oracle.keySet()).get(random.nextInt(oracle.size()));
                tables.tenantFib6.remove(2, (Ipv6Address) victim.address(), victim.length());
                oracle.remove(victim);
            }
            tables.reclaimer.seal();
            Ipv6Address wanted = random(random);
            int best = -1;
            for (IpPrefix candidate : oracle.keySet()) {
                best = candidate.contains(wanted) ? Math.max(best, candidate.length()) : best;
            }
            long found = tables.tenantFib6.find(2, wanted.high(), wanted.low());
            assertThat(found == 0 ? -1 : FibEntry.prefixLength(found))
                    .as("seed %d step %d", seed, i)
                    .isEqualTo(best);
        }
        assertThat(tables.tenantFib6.size()).isEqualTo(oracle.size());
        oracle.forEach(
                (prefix, row) -> assertThat(tables.tenantFib6.row(2, (Ipv6Address) prefix.address(), prefix.length()))
                        .isEqualTo(row));
    }

    @Test
    void everyLengthNests() {
        Ipv6Address host = Ipv6Address.parse("2001:db8:1234:5678:9abc:def0:1357:9bdf");
        for (int length = 0; length <= 128; length++) {
            tables.externalFib6.put(new Fib6Row(
                    0,
                    (Ipv6Address) IpPrefix.of(host, length).address(),
                    length,
                    FibEntry.ON_LINK,
                    Ipv6Address.UNSPECIFIED,
                    0,
                    0,
                    host,
                    0));
            assertThat(FibEntry.prefixLength(tables.externalFib6.find(0, host.high(), host.low())))
                    .isEqualTo(length);
        }
        long entry = tables.externalFib6.find(0, host.high(), host.low() ^ 1);
        assertThat(FibEntry.prefixLength(entry)).isEqualTo(127);
        assertThat(Fib6Entry.sourceLow(entry)).isEqualTo(host.low());
    }

    @Test
    void aRecordKeepsItsNumberWhenTheVmMoves() {
        Ipv6Address ca = Ipv6Address.parse("fd00::3");
        Ipv6Address other = Ipv6Address.parse("fd00::4");
        tables.records6.put(new Lookup6Row(1, ca, 6001, 0x1dd8L, 77, 0, 0, 5));
        tables.records6.put(new Lookup6Row(1, other, 6001, 0x1dd9L, 77, 0, 0, 5));
        tables.records6.put(new Lookup6Row(2, ca, 6002, 0x1dd8L, 77, 0, 0, 6));
        long record = tables.records6.find(1, ca.high(), ca.low());
        int number = Lookup6Table.number(record);
        assertThat(LookupEntry.pa(record)).isEqualTo(77);
        tables.records6.put(new Lookup6Row(1, ca, 6001, 0x1dd8L, 78, 0, LookupEntry.OWN_GATEWAY, 5));
        long moved = tables.records6.find(1, ca.high(), ca.low());
        assertThat(LookupEntry.pa(moved)).isEqualTo(78);
        assertThat(LookupEntry.isVm(moved)).isFalse();
        assertThat(Lookup6Table.number(moved)).isEqualTo(number);
        assertThat(Lookup6Table.number(tables.records6.find(1, other.high(), other.low())))
                .isNotEqualTo(number);
        assertThat(Lookup6Table.number(tables.records6.find(2, ca.high(), ca.low())))
                .isNotEqualTo(number);
        tables.records6.remove(1, ca);
        assertThat(tables.records6.find(1, ca.high(), ca.low())).isZero();
        assertThat(tables.records6.size()).isEqualTo(2);
    }

    @Test
    void providerAddressesHaveHandlesThatNoIpv4AddressHas() {
        Ipv6Address one = Ipv6Address.parse("2001:db8:aa::1");
        Ipv6Address two = Ipv6Address.parse("2001:db8:aa::2");
        int first = tables.providerAddresses6.handle(one);
        int second = tables.providerAddresses6.handle(two);
        assertThat(first).isNotEqualTo(second);
        assertThat(first >>> 28).isEqualTo(15);
        assertThat(tables.providerAddresses6.handle(one)).isEqualTo(first);
        assertThat(tables.providerAddresses6.find(two.high(), two.low())).isEqualTo(second);
        assertThat(tables.providerAddresses6.address(second)).isEqualTo(two);
        assertThat(tables.providerAddresses6.find(1, 2)).isZero();
    }

    @Test
    void prefixPairsAreFoundFromBothSides() {
        Ipv6Address inside = Ipv6Address.parse("fd01:203:405::");
        Ipv6Address outside = Ipv6Address.parse("2001:db8:1::");
        Nptv6Table.Row pair = new Nptv6Table.Row(3, inside, outside, 48);
        tables.nptv6.put(pair);
        assertThat(Nptv6Table.outsideHigh(tables.nptv6.inside(3, inside.high() | 0xffff)))
                .isEqualTo(outside.high());
        assertThat(Nptv6Table.rdid(tables.nptv6.outside(outside.high() | 1))).isEqualTo(3);
        assertThat(tables.nptv6.inside(4, inside.high())).isZero();
        assertThat(tables.nptv6.outside(outside.high() | 0x2_0000)).isZero();
        tables.nptv6.remove(pair);
        assertThat(tables.nptv6.outside(outside.high())).isZero();
        assertThat(tables.nptv6.inside(3, inside.high())).isZero();
        assertThat(tables.nptv6.size()).isZero();
    }
}
