package net.nvgate.fabric.sync;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.sync.v1.Delta;
import org.jspecify.annotations.Nullable;

/**
 * The latest encoded change lists, so that a change that goes to many followers is encoded once. Equal lists give the
 * same bytes whatever revisions the followers come from: those are in the head of the frame ({@link Frames}).
 * Thread-safe; forgets the oldest beyond a number of bytes.
 */
final class SharedDeltas {

    private final int bytesMax;
    private final Counter encoded;
    private final Counter reused;
    private final Map<List<PolicyChange>, ByteString> bodies = new LinkedHashMap<>();
    private long bytes;

    SharedDeltas(int bytesMax, MeterRegistry registry) {
        this.bytesMax = bytesMax;
        this.encoded = counter(registry, "encoded");
        this.reused = counter(registry, "reused");
    }

    private static Counter counter(MeterRegistry registry, String how) {
        return Counter.builder("nvgate.sync.delta.bodies")
                .description("Deltas by whether their changes were encoded or taken from another follower's")
                .tag("how", how)
                .register(registry);
    }

    /** The changes as {@code Delta.changes}, to follow a {@link Frames#deltaHead}. */
    ByteString body(List<PolicyChange> changes) {
        @Nullable ByteString known = find(changes);
        if (known != null) {
            reused.increment();
            return known;
        }
        Delta.Builder delta = Delta.newBuilder();
        changes.forEach(change -> delta.addChanges(PolicyCodec.encode(change)));
        ByteString body = delta.build().toByteString();
        encoded.increment();
        keep(changes, body);
        return body;
    }

    private synchronized @Nullable ByteString find(List<PolicyChange> changes) {
        return bodies.get(changes);
    }

    private synchronized void keep(List<PolicyChange> changes, ByteString body) {
        if (body.size() > bytesMax / 4 || bodies.putIfAbsent(changes, body) != null) {
            return;
        }
        bytes += body.size();
        Iterator<ByteString> oldest = bodies.values().iterator();
        while (bytes > bytesMax) {
            bytes -= oldest.next().size();
            oldest.remove();
        }
    }
}
