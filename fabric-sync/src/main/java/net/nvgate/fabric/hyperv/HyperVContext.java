package net.nvgate.fabric.hyperv;

import io.netty.channel.Channel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.nvgate.fabric.identity.Peer;
import net.nvgate.fabric.identity.PeerIdentities;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.Doorkeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the connections of one server share. */
record HyperVContext(
        HyperVServerConfig config,
        PolicySource source,
        PeerIdentities identities,
        HostDesk desk,
        PolledHosts hosts,
        WaitingHosts waiting,
        Doorkeeper door,
        ThreadPoolExecutor workers,
        AtomicLong refusedSecond) {

    private static final Logger LOG = LoggerFactory.getLogger(HyperVContext.class);
    private static final int WORKERS = 2;
    private static final int TASKS_MAX = 4096;

    static ThreadPoolExecutor newWorkers() {
        return new ThreadPoolExecutor(
                WORKERS,
                WORKERS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(TASKS_MAX),
                new DefaultThreadFactory("hyper-v", true));
    }

    /** Ends a connection that has not shown that it is a host's. */
    void endStranger(Channel channel) {
        if (door.isStranger(channel)) {
            LOG.debug("{} has not shown a certificate in time", channel.remoteAddress());
            var _ = channel.close();
        }
    }

    /** Says so in the log, once a second at most. */
    void refused(String peer, Peer.Refused refused) {
        long second = System.nanoTime() / 1_000_000_000;
        if (refusedSecond.getAndSet(second) != second) {
            LOG.warn("{} is refused: {}: {}", peer, refused.reason().label(), refused.text());
        }
    }
}
