package net.nvgate.gateway.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.Ipv4Address;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {

    private static final Announcements.Own FIRST = new Announcements.Own(1, new Ipv4Address(0xcb00_710a), 7);
    private static final Announcements.Own SECOND = new Announcements.Own(0, new Ipv4Address(0x0a00_00fe), 0);

    private final NeighborChannel channel = new NeighborChannel(4);
    private final NeighborCounters counters = new NeighborCounters();
    private final Announcements announcements = new Announcements(channel, counters);

    @Test
    void eachAddressIsAnnouncedOnceUntilItComesBackOrChangesItsVlan() {
        announcements.replace(List.of(FIRST, SECOND));
        assertThat(sent()).containsExactly(FIRST, SECOND);
        announcements.replace(List.of(FIRST, SECOND));
        assertThat(sent()).isEmpty();
        Announcements.Own tagged = new Announcements.Own(0, new Ipv4Address(0x0a00_00fe), 5);
        announcements.replace(List.of(tagged));
        assertThat(sent()).containsExactly(tagged);
        announcements.replace(List.of(FIRST, tagged));
        assertThat(sent()).containsExactly(FIRST);
    }

    @Test
    void whatTheWorkerDoesNotTakeIsCountedAndTriedAgain() {
        List<Announcements.Own> many = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            many.add(new Announcements.Own(1, new Ipv4Address(i + 1), 0));
        }
        announcements.replace(many);
        assertThat(announcements.doWork()).isEqualTo(4);
        assertThat(counters.announcementsDeferred.sum()).isEqualTo(1);
        assertThat(channel.requestsDropped()).isEqualTo(1);
        assertThat(polled()).containsExactlyElementsOf(many.subList(0, 4));
        assertThat(sent()).containsExactlyElementsOf(many.subList(4, 6));
        assertThat(counters.announced.sum()).isEqualTo(6);
    }

    @Test
    void anAddressThatIsGoneIsNotAnnouncedAnyMore() {
        announcements.replace(List.of(FIRST, SECOND));
        announcements.replace(List.of(SECOND));
        assertThat(sent()).containsExactly(SECOND);
    }

    private List<Announcements.Own> sent() {
        announcements.doWork();
        return polled();
    }

    private List<Announcements.Own> polled() {
        List<Announcements.Own> sent = new ArrayList<>();
        long[] request = new long[NeighborChannel.WORDS];
        while (channel.pollRequest(request)) {
            assertThat(NeighborChannel.destinationMac(request)).isZero();
            assertThat(NeighborChannel.senderIp(request)).isEqualTo(NeighborChannel.targetIp(request));
            sent.add(new Announcements.Own(
                    NeighborChannel.port(request),
                    new Ipv4Address(NeighborChannel.senderIp(request)),
                    NeighborChannel.vlan(request)));
        }
        return sent;
    }
}
