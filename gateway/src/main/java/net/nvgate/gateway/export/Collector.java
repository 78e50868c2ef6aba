package net.nvgate.gateway.export;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.nvgate.gateway.config.CollectorSettings;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.export.CollectorMeters.Loss;
import net.nvgate.gateway.export.Observation.Life;
import net.nvgate.gateway.export.Observation.OfBlock;
import net.nvgate.gateway.export.Observation.OfEvent;
import net.nvgate.gateway.export.Observation.OfMapping;
import net.nvgate.gateway.export.Observation.OfSession;

/** One collector: what it wants, as messages, on their way. Used on the export's event loop. */
final class Collector {

    /** A message that is not full waits for more records no longer. */
    private static final long FILL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final CollectorSettings settings;
    private final Format format;
    private final Names names;
    private final LongSupplier epochMs;
    private final Outbox outbox;
    private final Link link;
    private final CollectorMeters meters;
    private long begunNanos;
    private long preambleNanos;

    /** @param epochMs now, since 1970 */
    Collector(
            CollectorSettings settings,
            Format format,
            Names names,
            LongSupplier epochMs,
            EventLoop loop,
            MeterRegistry registry) {
        this.settings = settings;
        this.format = format;
        this.names = names;
        this.epochMs = epochMs;
        this.outbox = new Outbox(settings.queueBytes());
        this.link = new Link(settings, loop, this::up);
        this.meters = new CollectorMeters(registry, settings.name(), outbox, link::isConnected);
    }

    void open() {
        link.open();
    }

    /** Takes what is wanted, and what is of a tenant that is. */
    void accept(Observation observation) {
        if (!isOfWantedTenant(observation.domain())) {
            return;
        }
        for (What what : kinds(observation)) {
            if (settings.what().contains(what)) {
                if (format.pending() == 0) {
                    begunNanos = System.nanoTime();
                }
                format.add(what, observation, this::enqueue);
            }
        }
    }

    private boolean isOfWantedTenant(int domain) {
        return settings.tenants().isEmpty()
                || names.tenant(domain)
                        .filter(tenant -> settings.tenants().contains(tenant.vmNetwork())
                                || settings.tenants().contains(tenant.rdid().toString()))
                        .isPresent();
    }

    private static Set<What> kinds(Observation observation) {
        return switch (observation) {
            case OfSession session -> kinds(session);
            case OfBlock _ -> EnumSet.of(What.BLOCKS);
            case OfMapping _ -> EnumSet.of(What.MAPPINGS);
            case OfEvent _ -> EnumSet.of(What.EVENTS);
        };
    }

    private static Set<What> kinds(OfSession session) {
        EnumSet<What> kinds = EnumSet.noneOf(What.class);
        if (session.life() != Life.LIVES && session.translated()) {
            kinds.add(What.SESSIONS);
        }
        if (session.life() != Life.MADE && session.packetsOut() + session.packetsIn() > 0) {
            kinds.add(What.FLOWS);
        }
        return kinds;
    }

    /** So many observations of a kind were lost before they came here. */
    void overrun(Set<What> kinds, long count) {
        if (kinds.stream().anyMatch(settings.what()::contains)) {
            meters.lost(Loss.OVERRUN, count);
        }
    }

    private void enqueue(Message message) {
        if (!outbox.offer(message)) {
            meters.lost(Loss.QUEUE_FULL, message.records());
            message.bytes().release();
        }
    }

    /** Sends what can be sent, and repeats what must be. */
    void doWork(long nowNanos) {
        if (format.pending() > 0 && nowNanos - begunNanos >= FILL_NANOS) {
            format.finish(this::enqueue);
        }
        if (link.isWritable() && nowNanos - preambleNanos >= TimeUnit.SECONDS.toNanos(settings.templateSeconds())) {
            repeat(nowNanos);
        }
        pump();
    }

    private void repeat(long nowNanos) {
        preambleNanos = nowNanos;
        format.statistics(meters.messagesSent(), meters.recordsSent(), meters.lost(), this::enqueue);
        if (settings.transport() == Transport.UDP) {
            sendAll(format.preamble());
        } else {
            format.names(this::enqueue);
        }
        format.finish(this::enqueue);
    }

    private void up() {
        meters.connected();
        preambleNanos = System.nanoTime();
        format.newSession();
        sendAll(format.preamble());
        pump();
    }

    private void sendAll(List<Message> messages) {
        messages.forEach(this::send);
        link.flush();
    }

    private void pump() {
        boolean sent = false;
        while (link.isWritable()) {
            Message message = outbox.poll();
            if (message == null) {
                break;
            }
            send(message);
            sent = true;
        }
        if (sent) {
            link.flush();
        }
    }

    private void send(Message message) {
        format.stamp(message, epochMs.getAsLong());
        ByteBuf bytes = message.bytes();
        link.send(bytes, taken -> {
            if (taken) {
                meters.sent(message.records());
            } else {
                meters.lost(Loss.SEND_FAILED, message.records());
            }
        });
    }

    /** Sends what is there if it can be sent at once; the rest is lost, and counted. */
    void close() {
        format.finish(this::enqueue);
        pump();
        link.close();
        format.close();
        for (Message left = outbox.poll(); left != null; left = outbox.poll()) {
            meters.lost(Loss.QUEUE_FULL, left.records());
            left.bytes().release();
        }
    }
}
