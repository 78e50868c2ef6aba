package net.nvgate.fabric.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The changes of the last revisions. Bounded by revisions and by changes. Not thread-safe. */
final class PolicyHistory {

    static final int CHANGES_MAX = 2_000_000;

    private record Entry(long revision, List<Slice> slices, long size) {}

    private final int revisionsMax;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long base;
    private long size;

    /** @param base the revision after which history begins */
    PolicyHistory(long base, int revisionsMax) {
        this.base = base;
        this.revisionsMax = revisionsMax;
    }

    void add(long revision, List<Slice> slices) {
        long changes =
                slices.stream().mapToLong(slice -> slice.changes().size()).sum();
        entries.addLast(new Entry(revision, List.copyOf(slices), changes));
        size += changes;
        while (entries.size() > revisionsMax || (size > CHANGES_MAX && entries.size() > 1)) {
            Entry oldest = entries.removeFirst();
            base = oldest.revision();
            size -= oldest.size();
        }
    }

    /** What a node has to hear of after a revision, each key once; empty if history does not reach back so far. */
    Optional<List<PolicyChange>> since(UUID nodeId, long revision) {
        if (revision < base) {
            return Optional.empty();
        }
        List<Entry> missed = new ArrayList<>();
        for (var newestFirst = entries.descendingIterator(); newestFirst.hasNext(); ) {
            Entry entry = newestFirst.next();
            if (entry.revision() <= revision) {
                break;
            }
            missed.add(entry);
        }
        List<List<PolicyChange>> pieces = new ArrayList<>();
        for (Entry entry : missed.reversed()) {
            for (Slice slice : entry.slices()) {
                if (slice.audience().contains(nodeId)) {
                    pieces.add(slice.changes());
                }
            }
        }
        return Optional.of(merged(pieces));
    }

    /** Most often there is one piece of one change. */
    private static List<PolicyChange> merged(List<List<PolicyChange>> pieces) {
        if (pieces.isEmpty()) {
            return List.of();
        }
        if (pieces.size() == 1 && pieces.getFirst().size() == 1) {
            return pieces.getFirst();
        }
        MergedChanges merged = new MergedChanges();
        pieces.forEach(merged::add);
        return merged.inOrder();
    }

    int revisions() {
        return entries.size();
    }
}
