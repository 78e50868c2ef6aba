package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each wrong packet produces exactly the drop counter it should, and nothing else; every reason has one. */
@ExtendWith(EalExtension.class)
class DropReasonTest {

    private static final byte[] GOOD = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
    private static final List<Case> CASES = new ArrayList<>();

    /** What leads to a drop; it may send good packets before. */
    private record Case(DropReason reason, String what, int paMtu, Consumer<TestGateway> act) {

        TestGateway gateway() {
            int workers = reason == DropReason.HAND_OFF_FULL ? 2 : TestGateway.WORKERS;
            return new TestGateway(TestGateway.CONFIG, PacketPort.detached(Net.PA_MAC, paMtu, false), workers);
        }
    }

    static {
        DropCases.Taker taker = (reason, what, paMtu, act) -> CASES.add(new Case(reason, what, paMtu, act));
        Stream.of(
                        new DropsForm(taker),
                        new DropsWay(taker),
                        new DropsNat(taker),
                        new Drops6(taker),
                        new DropsNat64(taker),
                        new DropsLimits(taker))
                .forEach(DropCases::all);
    }

    @TestFactory
    @Requirement({
        "RFC 7637 3.2",
        "RFC 7637 3.3",
        "RFC 7637 3.4",
        "RFC 7637 3.4a",
        "RFC 2784 2.1",
        "RFC 2784 2.3",
        "RFC 2890 2.1",
        "RFC 791 3.1",
        "RFC 1812 5.2.2",
        "RFC 1812 5.3.7",
        "RFC 1812 4.2.3.1",
        "RFC 1122 3.2.1.3",
        "RFC 5508 REQ-3",
        "RFC 5508 REQ-3a",
        "RFC 5508 REQ-11",
        "RFC 6040 4.2",
        "RFC 2827 3",
        "nat-behaviour 78",
        "nat-behaviour 82",
        "nat-behaviour 85",
        "nat-behaviour 95",
        "nat-behaviour M2",
        "nat-behaviour M4",
        "nat-behaviour M5",
        "nat-behaviour M6",
        "nat-behaviour M7",
        "nat-behaviour M8",
        "nat-behaviour M9",
        "nat-behaviour M10"
    })
    Stream<DynamicTest> exactlyOneCounter() {
        return CASES.stream()
                .map(c -> DynamicTest.dynamicTest(c.reason().label() + ": " + c.what(), () -> {
                    try (TestGateway gateway = c.gateway()) {
                        c.act().accept(gateway);
                        assertThat(gateway.drops()).isEqualTo(Map.of(c.reason(), 1L));
                    }
                }));
    }

    @Test
    void everyReasonHasACase() {
        Set<DropReason> missing = EnumSet.allOf(DropReason.class);
        CASES.forEach(c -> missing.remove(c.reason()));
        assertThat(missing).isEmpty();
    }

    @Test
    void labelsAreKebabCaseAndUnique() {
        assertThat(Stream.of(DropReason.values()).map(DropReason::label))
                .doesNotHaveDuplicates()
                .allMatch(label -> label.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }

    /** Every length of a good frame, cut short, ends in a counted drop and never in a packet or an exception. */
    @Test
    @Requirement({"nat-behaviour M8", "RFC 2784 2.1"})
    void everyTruncationIsACountedDrop() {
        byte[] good = Net.fromVm1(1, GOOD);
        try (TestGateway gateway = new TestGateway()) {
            for (int length = 0; length < good.length; length++) {
                assertThat(gateway.intoPa(DropCases.cut(good, length)).isEmpty())
                        .as("length " + length)
                        .isTrue();
            }
            assertThat(gateway.drops().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(good.length);
        }
    }
}
