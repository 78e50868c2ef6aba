package net.nvgate.fabric.sync;

import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in: so many at once, of these so many strangers, of these so many from one address. A stranger has not
 * shown yet who it is, so nobody can keep the fabric's nodes out by connecting. Thread-safe.
 */
public final class Doorkeeper {

    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
    private static final long SAY_NANOS_MIN = 1_000_000_000;

    /**
     * More are closed at once.
     *
     * @param all connections, strangers among them
     * @param strangers those who have not shown who they are
     * @param strangersPerAddress of one IPv4 address, or of one IPv6 /64
     */
    public record Limits(int all, int strangers, int strangersPerAddress) {

        public static final Limits DEFAULT = new Limits(1024, 512, 256);

        public Limits {
            SyncServerLimits.inRange("connections", all, 1, 100_000);
            SyncServerLimits.inRange("strangers", strangers, 1, all);
            SyncServerLimits.inRange("strangers-per-address", strangersPerAddress, 1, strangers);
        }
    }

    private final String door;
    private final Limits limits;
    private final Runnable onRefused;
    private final Map<Channel, Object> strangers = new HashMap<>();
    private final Map<Object, Integer> strangersByAddress = new HashMap<>();
    private int all;
    private int unsaid;
    private long saidNanos = System.nanoTime() - SAY_NANOS_MIN;

    /**
     * @param door what one connects to, for the log
     * @param onRefused called for each connection that is refused, must not block
     */
    public Doorkeeper(String door, Limits limits, Runnable onRefused) {
        this.door = door;
        this.limits = limits;
        this.onRefused = onRefused;
    }

    /** Counts a new connection until it closes. False: it is being closed. */
    public boolean admits(Channel channel) {
        Object address = network(channel.remoteAddress());
        String why;
        synchronized (this) {
            why = objection(address);
            if (why.isEmpty()) {
                all++;
                strangers.put(channel, address);
                strangersByAddress.merge(address, 1, Integer::sum);
            }
        }
        if (why.isEmpty()) {
            channel.closeFuture().addListener(_ -> gone(channel));
            return true;
        }
        var _ = channel.close();
        onRefused.run();
        say(channel.remoteAddress(), why);
        return false;
    }

    private String objection(Object address) {
        if (all >= limits.all()) {
            return "there are " + all + " connections already";
        }
        if (strangers.size() >= limits.strangers()) {
            return strangers.size() + " connections have not shown yet who they are";
        }
        int here = strangersByAddress.getOrDefault(address, 0);
        return here < limits.strangersPerAddress()
                ? ""
                : here + " connections from there have not shown yet who they are";
    }

    /** The peer has shown who it is. */
    public synchronized void known(Channel channel) {
        Object address = strangers.remove(channel);
        if (address != null) {
            strangersByAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    public synchronized boolean isStranger(Channel channel) {
        return strangers.containsKey(channel);
    }

    private synchronized void gone(Channel channel) {
        known(channel);
        all--;
    }

    private synchronized void say(SocketAddress from, String why) {
        unsaid++;
        long now = System.nanoTime();
        if (now - saidNanos < SAY_NANOS_MIN) {
            return;
        }
        LOG.warn("{}: connection from {} is closed: {}; {} refused since last said", door, from, why, unsaid);
        saidNanos = now;
        unsaid = 0;
    }

    /** Who has one IPv6 address has its whole /64. */
    private static Object network(SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress known) || known.getAddress() == null) {
            return String.valueOf(peer);
        }
        return known.getAddress() instanceof Inet6Address v6
                ? ByteBuffer.wrap(v6.getAddress(), 0, Long.BYTES).getLong()
                : known.getAddress();
    }
}
