package net.nvgate.fabric.sync;

import java.util.Iterator;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.sync.v1.SnapshotBegin;
import net.nvgate.fabric.sync.v1.SnapshotChunk;
import net.nvgate.fabric.sync.v1.SnapshotEnd;

/** Makes the frames of one snapshot, a chunk at a time, so that only what the socket takes is ever encoded. */
final class SnapshotSender {

    private final PolicySnapshot snapshot;
    private final int chunkBytes;
    private final Iterator<PolicyObject> rest;

    SnapshotSender(PolicySnapshot snapshot, int chunkBytes) {
        this.snapshot = snapshot;
        this.chunkBytes = chunkBytes;
        this.rest = snapshot.objects().iterator();
    }

    long revision() {
        return snapshot.revision();
    }

    ServerFrame begin() {
        return ServerFrame.newBuilder()
                .setSnapshotBegin(SnapshotBegin.newBuilder()
                        .setRevision(snapshot.revision())
                        .setObjects(snapshot.objects().size()))
                .build();
    }

    boolean hasChunk() {
        return rest.hasNext();
    }

    ServerFrame chunk() {
        SnapshotChunk.Builder chunk = SnapshotChunk.newBuilder();
        int bytes = 0;
        while (bytes < chunkBytes && rest.hasNext()) {
            var object = PolicyCodec.encode(rest.next());
            bytes += object.getSerializedSize();
            chunk.addObjects(object);
        }
        return ServerFrame.newBuilder().setSnapshotChunk(chunk).build();
    }

    ServerFrame end() {
        return ServerFrame.newBuilder()
                .setSnapshotEnd(SnapshotEnd.newBuilder().setRevision(snapshot.revision()))
                .build();
    }
}
