package net.nvgate.fabric.sync;

import com.google.protobuf.ByteString;
import net.nvgate.fabric.policy.PolicySnapshot;

/** What a follower has to be sent to be up to date. */
sealed interface Plan {

    /** The fabric has such a node. */
    record Known(long head) implements Plan {}

    /** Nothing changed for it up to this revision. */
    record Current(long revision) implements Plan {}

    /**
     * @param from revision the follower holds
     * @param body {@link SharedDeltas#body}
     */
    record Changes(long from, long to, ByteString body) implements Plan {}

    /** The fabric is past what policy has reached here, and the follower is too: it waits for this manager, or takes another. */
    record Behind() implements Plan {}

    /** The history does not reach back, or the changes are too many for a frame. */
    record NeedsSnapshot(String why) implements Plan {}

    /** The store has no such revision, as if what came after it was taken back: nothing is known of what the follower has. */
    record Strange(long held) implements Plan {}

    record Whole(PolicySnapshot snapshot) implements Plan {}

    /** The fabric has no such gateway or host (any more). */
    record Unknown() implements Plan {}

    /** The source of policy failed; the follower should come again later. */
    record Failed(String reason) implements Plan {}
}
