package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counters that both ends of the stream have: bytes, frames by type, errors by kind. */
final class SyncMetrics {

    private final MeterRegistry registry;
    private final Map<String, Counter> frames = new ConcurrentHashMap<>();
    private final Counter bytesIn;
    private final Counter bytesOut;

    SyncMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.bytesIn = bytes("in");
        this.bytesOut = bytes("out");
    }

    private Counter bytes(String direction) {
        return Counter.builder("nvgate.sync.bytes")
                .description("Bytes of sync frames")
                .baseUnit("bytes")
                .tag("direction", direction)
                .register(registry);
    }

    MeterRegistry registry() {
        return registry;
    }

    /** @param type body of the frame as the proto names it, a bounded set */
    void frame(String direction, Enum<?> type) {
        frames.computeIfAbsent(
                        direction + type,
                        _ -> Counter.builder("nvgate.sync.frames")
                                .description("Sync frames by direction and kind of body")
                                .tags("direction", direction, "type", type.name())
                                .register(registry))
                .increment();
    }

    /** @param kind one of a fixed set: protocol, refused, nack, timeout, stall, io, query, cache */
    void error(String kind) {
        errors(registry, kind).increment();
    }

    static Counter errors(MeterRegistry registry, String kind) {
        return Counter.builder("nvgate.sync.errors")
                .description("Faults of the sync stream and its cache, by kind")
                .tag("kind", kind)
                .register(registry);
    }

    /** Counts bytes at the socket side of the pipeline. */
    ChannelDuplexHandler byteCounter() {
        return new ChannelDuplexHandler() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof ByteBuf bytes) {
                    bytesIn.increment(bytes.readableBytes());
                }
                ctx.fireChannelRead(message);
            }

            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                if (message instanceof ByteBuf bytes) {
                    bytesOut.increment(bytes.readableBytes());
                }
                var _ = ctx.write(message, promise);
            }
        };
    }
}
