package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DoorkeeperTest {

    private final AtomicInteger refused = new AtomicInteger();
    private final List<EmbeddedChannel> inside = new ArrayList<>();

    private Doorkeeper door(int all, int strangers, int perAddress) {
        return new Doorkeeper("test", new Doorkeeper.Limits(all, strangers, perAddress), refused::incrementAndGet);
    }

    private boolean comes(Doorkeeper door, String address) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 5000);
            }
        };
        int refusedBefore = refused.get();
        boolean admitted = door.admits(channel);
        assertThat(channel.isOpen()).isEqualTo(admitted);
        assertThat(refused.get() - refusedBefore).isEqualTo(admitted ? 0 : 1);
        if (admitted) {
            inside.add(channel);
        }
        return admitted;
    }

    @Test
    void oneAddressCannotTakeAllPlacesOfStrangers() {
        Doorkeeper door = door(10, 4, 2);
        assertThat(comes(door, "192.0.2.1")).isTrue();
        assertThat(comes(door, "192.0.2.1")).isTrue();
        assertThat(comes(door, "192.0.2.1")).as("the third of one address").isFalse();
        assertThat(comes(door, "192.0.2.2")).isTrue();
        var _ = inside.getFirst().close();
        assertThat(comes(door, "192.0.2.1")).as("one has gone").isTrue();
    }

    @Test
    void oneIpv6NetworkIsOneAddress() {
        Doorkeeper door = door(10, 4, 2);
        assertThat(comes(door, "2001:db8::1")).isTrue();
        assertThat(comes(door, "2001:db8::2")).isTrue();
        assertThat(comes(door, "2001:db8::3")).isFalse();
        assertThat(comes(door, "2001:db8:0:1::1")).isTrue();
    }

    @Test
    void whoIsKnownIsNoStrangerAndCountsUntilItGoes() {
        Doorkeeper door = door(3, 2, 2);
        assertThat(comes(door, "192.0.2.1")).isTrue();
        assertThat(comes(door, "192.0.2.2")).isTrue();
        assertThat(comes(door, "192.0.2.3")).as("a third stranger").isFalse();
        door.known(inside.get(0));
        assertThat(door.isStranger(inside.get(0))).isFalse();
        assertThat(comes(door, "192.0.2.3")).isTrue();
        door.known(inside.get(1));
        door.known(inside.get(1));
        assertThat(comes(door, "192.0.2.4")).as("a fourth connection").isFalse();
        var _ = inside.get(0).close();
        assertThat(comes(door, "192.0.2.4")).isTrue();
        assertThat(comes(door, "192.0.2.5")).isFalse();
    }
}
