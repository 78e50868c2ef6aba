package net.nvgate.gateway.alg;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.api.Test;

class ControlConnectionsTest {

    private final ControlConnections connections =
            new ControlConnections(TestMemory.allocate(ControlConnections.bytes(2), 64), 2, 5);

    @Test
    void oneForEachSessionAsManyAsFit() {
        long one = connections.create(0x1000, 1);
        long two = connections.create(0x2000, 1);
        assertThat(connections.find(0x1000)).isEqualTo(one).isNotZero().isNotEqualTo(two);
        assertThat(connections.create(0x3000, 1)).isZero();
        connections.remove(0x1000);
        assertThat(connections.find(0x1000)).isZero();
        assertThat(connections.create(0x3000, 1)).isNotZero();
    }

    /** Two lines of 20 bytes at 1000 and 1100 become 25 and 17 bytes; the numbers also wrap. */
    @Test
    @Requirement("RFC 5382 REQ-6")
    void shiftsFollowWhatWasRewritten() {
        for (int start : new int[] {1000, -1010}) {
            long c = connections.create(start, 1);
            ControlConnections.grew(c, start, 5);
            assertThat(ControlConnections.shift(c, start)).as("the line itself").isZero();
            assertThat(ControlConnections.shift(c, start + 20)).isEqualTo(5);
            ControlConnections.grew(c, start, 5);
            assertThat(ControlConnections.shift(c, start + 20))
                    .as("retransmitted")
                    .isEqualTo(5);
            ControlConnections.grew(c, start + 100, -3);
            assertThat(ControlConnections.shift(c, start + 100)).isEqualTo(5);
            assertThat(ControlConnections.shift(c, start + 120)).isEqualTo(2);
            assertThat(ControlConnections.acknowledged(c, start + 105)).isEqualTo(start + 100);
            assertThat(ControlConnections.acknowledged(c, start + 100 + 5 + 17)).isEqualTo(start + 120);
            connections.remove(start);
        }
    }

    @Test
    @Requirement("RFC 5382 REQ-6")
    void linesBeginWhereTheLastOneEnded() {
        long c = connections.create(1, 1);
        assertThat(ControlConnections.isLineStart(c, 77)).as("nothing seen yet").isTrue();
        ControlConnections.lineStart(c, 77);
        assertThat(ControlConnections.isLineStart(c, 78)).isFalse();
        for (int i = 1; i <= 20; i++) {
            ControlConnections.lineStart(c, 77 + i);
            ControlConnections.lineStart(c, 77 + i);
        }
        assertThat(ControlConnections.isLineStart(c, 97)).isTrue();
        assertThat(ControlConnections.isLineStart(c, 94)).isTrue();
        assertThat(ControlConnections.isLineStart(c, 93)).isFalse();
    }

    @Test
    void oneTenantLeavesRoomForOthers() {
        ControlConnections many = new ControlConnections(TestMemory.allocate(ControlConnections.bytes(16), 64), 16, 5);
        int made = 0;
        while (many.create(made + 1, 7) != 0) {
            made++;
        }
        assertThat(made).isEqualTo(12);
        assertThat(many.create(100, 8)).isNotZero();
        many.remove(1);
        assertThat(many.create(101, 7)).isNotZero();
    }
}
