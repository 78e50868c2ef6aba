package net.nvgate.gateway.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.api.Test;

/** The agent's view of the links, and the view of the neighbours it makes, over real tables. */
class TableLinkAddressesTest {

    private static final int PORT = 3;
    private static final int SUBNET = 0xcb00_7100;
    private static final int OWN = SUBNET + 10;

    private final RouteTables tables = new RouteTables(TestMemory::allocate, 2);
    private final LinkAddresses links = new TableLinkAddresses(tables, PORT + 1, PORT);

    TableLinkAddressesTest() {
        tables.ownAddresses.put(new OwnAddresses.Row(OWN, OwnAddresses.EXTERNAL, 24, 7));
        tables.externalFib.put(new FibRow(0, SUBNET, 24, FibEntry.ON_LINK, 0, 0, 7, OWN, 0));
        tables.externalFib.put(new FibRow(0, 0, 0, FibEntry.VIA_ROUTER, SUBNET + 1, 0, 7, OWN, 1));
    }

    @Test
    void onLinkIsInASubnetOfThePortAndNotItsEdge() {
        assertThat(links.isOnLink(PORT, new Ipv4Address(SUBNET + 1))).isTrue();
        assertThat(links.isOnLink(PORT, new Ipv4Address(SUBNET))).isFalse();
        assertThat(links.isOnLink(PORT, new Ipv4Address(SUBNET + 255))).isFalse();
        assertThat(links.isOnLink(PORT, new Ipv4Address(0x0808_0808)))
                .as("behind a router")
                .isFalse();
        assertThat(links.isOnLink(PORT + 1, new Ipv4Address(SUBNET + 1))).isFalse();
        assertThat(links.isOwn(PORT, new Ipv4Address(OWN))).isTrue();
        assertThat(links.isOwn(PORT, new Ipv4Address(SUBNET + 1))).isFalse();
        assertThat(links.sourceFor(PORT, new Ipv4Address(SUBNET + 1))).isEqualTo(new Ipv4Address(OWN));
        assertThat(links.vlanFor(PORT, new Ipv4Address(SUBNET + 1))).isEqualTo(7);
        assertThat(tables.quiescence.passed(tables.quiescence.start()))
                .as("holds nothing between calls")
                .isTrue();
    }

    @Test
    void aResolvedNeighbourIsInTheTableAndFlowsLookAgainWhenItMoves() {
        NeighborTable table = new NeighborTable(TestMemory::allocate, tables.quiescence);
        NeighborChannel channel = new NeighborChannel(16);
        NeighborAgent agent = new NeighborAgent(
                table, List.of(channel), links, NeighborTimers.DEFAULT, new Random(1), tables.epochs::bumpExternal);
        int epoch = tables.epochs.external();
        channel.needed(PORT, SUBNET + 1);
        agent.doWork(0);
        channel.arpSeen(PORT, 2, 0x0200_0000_0001L, SUBNET + 1, OWN);
        agent.doWork(1);
        assertThat(tables.epochs.external()).isEqualTo(epoch);
        long entry = table.find(PORT, SUBNET + 1);
        assertThat(entry).isNotZero();
        assertThat(NeighborEntry.mac(NeighborEntry.link(entry))).isEqualTo(0x0200_0000_0001L);
        channel.arpSeen(PORT, 1, 0x0200_0000_0002L, SUBNET + 1, SUBNET + 1);
        agent.doWork(2);
        assertThat(tables.epochs.external()).isEqualTo(epoch + 1);
    }
}
