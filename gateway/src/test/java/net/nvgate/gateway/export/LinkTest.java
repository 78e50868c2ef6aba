package net.nvgate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.nvgate.gateway.config.CollectorSettings.Protocol;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import net.nvgate.gateway.config.CollectorSettings.What;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way to a UDP collector whose name comes to mean another address. */
class LinkTest {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();

    @AfterEach
    void close() {
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void send(Link link, String text) {
        loop.execute(() -> {
            link.send(ByteBufUtil.writeUtf8(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT, text), _ -> {});
            link.flush();
        });
    }

    @Test
    void followsTheNameAndBeginsAnew() throws Exception {
        try (UdpCollector before = new UdpCollector();
                UdpCollector after = new UdpCollector("127.0.0.2", before.port)) {
            AtomicReference<String> address = new AtomicReference<>("127.0.0.1");
            AtomicInteger ups = new AtomicInteger();
            Link link = new Link(
                    Exporting.collector(Protocol.SYSLOG, Transport.UDP, before.port, What.EVENTS),
                    loop,
                    ups::incrementAndGet,
                    _ -> new InetAddress[] {InetAddress.getByName(address.get())},
                    Duration.ofMillis(10));
            link.open();
            Wait.until("the first way", () -> ups.get() == 1);
            send(link, "one");
            before.awaitLine("one");
            address.set("127.0.0.2");
            Wait.until("another way, for which templates are sent again", () -> ups.get() == 2);
            send(link, "two");
            after.awaitLine("two");
            assertThat(before.lines()).containsExactly("one");
            assertThat(link.isConnected()).isTrue();
            loop.submit(link::close).sync();
            assertThat(ups).hasValue(2);
        }
    }

    @Test
    void staysWhileItsAddressIsOneOfTheNames() throws Exception {
        try (UdpCollector collector = new UdpCollector()) {
            InetAddress own = InetAddress.ofLiteral("127.0.0.1");
            InetAddress other = InetAddress.ofLiteral("127.0.0.2");
            AtomicInteger asked = new AtomicInteger();
            AtomicInteger ups = new AtomicInteger();
            Link link = new Link(
                    Exporting.collector(Protocol.SYSLOG, Transport.UDP, collector.port, What.EVENTS),
                    loop,
                    ups::incrementAndGet,
                    _ -> asked.getAndIncrement() % 2 == 0
                            ? new InetAddress[] {own, other}
                            : new InetAddress[] {other, own},
                    Duration.ofMillis(10));
            link.open();
            Wait.until("some looks at the name", () -> asked.get() > 6);
            loop.submit(link::close).sync();
            assertThat(ups).hasValue(1);
        }
    }
}
