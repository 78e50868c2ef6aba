package net.nvgate.fabric.store.etcd;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoredJson;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Consecutive revisions that were committed together, by one etcd transaction.
 *
 * @param token unique to the commit: who does not know what became of his commit looks for it in the log
 */
record LogBatch(String token, List<LoggedRevision> revisions) {

    LogBatch {
        revisions = List.copyOf(revisions);
        for (int i = 1; i < revisions.size(); i++) {
            if (revisions.get(i).revision() != revisions.get(i - 1).revision() + 1) {
                throw new StoreException(
                        "a batch jumps to revision " + revisions.get(i).revision(), null);
            }
        }
    }

    long first() {
        return revisions.getFirst().revision();
    }

    long last() {
        return revisions.getLast().revision();
    }

    /** How many, of all its revisions. */
    int changes() {
        return revisions.stream()
                .mapToInt(revision -> revision.changes().changes().size())
                .sum();
    }

    /** JSON, compressed: object before and after, and the objects of a batch, are much alike. */
    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (JsonGenerator out = FabricJson.mapper().createGenerator(new DeflaterOutputStream(bytes, deflater))) {
            out.writeStartObject();
            out.writeStringProperty("token", token);
            out.writeArrayPropertyStart("revisions");
            revisions.forEach(revision -> StoredJson.write(out, revision));
            out.writeEndArray();
            out.writeEndObject();
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    static LogBatch decode(byte[] bytes) {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            JsonNode node = FabricJson.mapper().readTree(in);
            List<LoggedRevision> revisions = new ArrayList<>();
            node.required("revisions").values().forEach(each -> revisions.add(StoredJson.readRevision(each)));
            return new LogBatch(node.required("token").stringValue(), revisions);
        } catch (IOException | RuntimeException e) {
            throw new StoreException("a batch of the log cannot be read: " + e.getMessage(), e);
        }
    }
}
