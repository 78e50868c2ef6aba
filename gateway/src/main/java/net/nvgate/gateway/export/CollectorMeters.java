package net.nvgate.gateway.export;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Counters of one collector. */
final class CollectorMeters {

    /** Why a record never reached the network. */
    enum Loss {
        /** The collector was away or slow for longer than the queue lasts. */
        QUEUE_FULL("queue-full"),
        /** The network refused it, or the connection broke. */
        SEND_FAILED("send-failed"),
        /** The export was slower than the workers. */
        OVERRUN("overrun");

        private final String label;

        Loss(String label) {
            this.label = label;
        }
    }

    private final Counter records;
    private final Counter messages;
    private final Counter connects;
    private final Map<Loss, Counter> losses = new ConcurrentHashMap<>();
    private final AtomicLong lost = new AtomicLong();

    CollectorMeters(MeterRegistry registry, String collector, Outbox outbox, BooleanSupplier connected) {
        records = Counter.builder("nvgate.export.records")
                .description("Records handed to the network, by collector")
                .tag("collector", collector)
                .register(registry);
        messages = Counter.builder("nvgate.export.messages")
                .description("Messages handed to the network, by collector; templates are in some of them")
                .tag("collector", collector)
                .register(registry);
        connects = Counter.builder("nvgate.export.connects")
                .description("Connections made to a collector, for UDP sockets opened")
                .tag("collector", collector)
                .register(registry);
        for (Loss loss : Loss.values()) {
            losses.put(
                    loss,
                    Counter.builder("nvgate.export.lost")
                            .description(
                                    "Records lost: queue-full (collector away or slow), send-failed, overrun (workers faster than the export)")
                            .tag("collector", collector)
                            .tag("reason", loss.label)
                            .register(registry));
        }
        Gauge.builder("nvgate.export.connected", () -> connected.getAsBoolean() ? 1 : 0)
                .strongReference(true)
                .description("1 while a collector is connected; for UDP while nobody says that it is not there")
                .tag("collector", collector)
                .register(registry);
        Gauge.builder("nvgate.export.queue.bytes", outbox::bytes)
                .strongReference(true)
                .description("Bytes that wait for a collector")
                .tag("collector", collector)
                .register(registry);
    }

    void sent(int count) {
        messages.increment();
        records.increment(count);
    }

    void connected() {
        connects.increment();
    }

    void lost(Loss loss, long count) {
        if (count > 0) {
            lost.addAndGet(count);
            Counter counter = losses.get(loss);
            if (counter != null) {
                counter.increment((double) count);
            }
        }
    }

    long recordsSent() {
        return (long) records.count();
    }

    long messagesSent() {
        return (long) messages.count();
    }

    /** For whatever reason. */
    long lost() {
        return lost.get();
    }
}
