package net.nvgate.gateway.police;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who may have queues, and who gives way. */
class QueueOwnersTest {

    private static final int QUEUES = 128;
    private static final int TENANTS = 10;

    private final HeldPackets packets = new HeldPackets(2_000);
    private final FairQueues queues = new FairQueues(
            packets,
            2_000,
            QUEUES,
            FairQueues.VMS,
            FairQueues.FLOWS,
            250,
            (packet, _) -> packets.remove(packet),
            _ -> false);
    private final QueueOwners owners = new QueueOwners(queues, TENANTS);
    private final LimitedPacket from = new LimitedPacket();
    private int meter;

    /** A queue with so many packets. */
    private int open(int tenant, int count) {
        int queue = queues.open(meter++, 1_000);
        owners.opened(queue, tenant);
        from.mbuf = 1;
        from.length = 1_000;
        for (int i = 0; i < count; i++) {
            queues.add(queue, packets.add(from, 0, 1_000), 1, false);
        }
        return queue;
    }

    private int openAll(int tenant) {
        int opened = 0;
        while (owners.mayOpen(tenant)) {
            open(tenant, 1);
            opened++;
        }
        return opened;
    }

    @Test
    void aTenantHasHalfOfAllQueuesAtMostAndEachOther32() {
        assertThat(openAll(1)).isEqualTo(QUEUES / 2);
        assertThat(openAll(2)).isEqualTo(QueueOwners.QUEUES_EACH);
        assertThat(openAll(TENANTS + 5)).as("beyond the last number").isEqualTo(QueueOwners.QUEUES_EACH);
        assertThat(owners.mayOpen(1)).isFalse();
    }

    @Test
    void whoHoldsMostInAllGivesWayByItsLongestQueue() {
        assertThat(owners.fullest()).as("nothing waits").isEqualTo(-1);
        open(3, 1);
        assertThat(owners.fullest()).as("only a gate").isEqualTo(-1);
        int others = open(2, 5);
        assertThat(owners.fullest()).isEqualTo(others);
        open(1, 2);
        int longest = open(1, 3);
        open(1, 2);
        assertThat(owners.fullest()).isEqualTo(longest);
        queues.loseFromLongest(longest);
        queues.loseFromLongest(longest);
        assertThat(owners.fullest()).as("by now it holds less").isEqualTo(others);
    }
}
