package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.StoreException;

/** Reads the log. A value of one of its keys is a batch, or {@value #PARTS} and how many parts the batch has elsewhere. */
final class EtcdLog {

    static final String PARTS = "parts:";

    /** A batch under one key is at most this large; a request may have 1.5 MiB (--max-request-bytes). */
    static final int VALUE_BYTES_MAX = 1 << 20;

    private static final int BATCHES_MAX = 16;

    private final EtcdConnection connection;
    private final EtcdKeys keys;

    EtcdLog(EtcdConnection connection, EtcdKeys keys) {
        this.connection = connection;
        this.keys = keys;
    }

    /** A batch, and the etcd revision that committed it: the one of the head key then. */
    record Committed(LogBatch batch, long headModified) {}

    /**
     * What etcd holds at one of its revisions.
     *
     * @param batches the next after the revision that was asked for, none after that with change number {@value
     *     FabricStore#READ_CHANGES_MAX}; the first may begin before it
     * @param more there are further ones
     */
    record Read(
            EtcdHead head,
            long headModified,
            long compacted,
            List<Committed> batches,
            boolean more,
            long etcdRevision) {

        static EtcdHead head(List<KeyValue> found) {
            if (found.isEmpty()) {
                throw new StoreException("the fabric is gone from etcd", null);
            }
            return EtcdHead.decode(found.getFirst().getValue());
        }
    }

    /** The requests that {@link #read} sends; a commit sends them, too, for the case that it comes too late. */
    Op[] requests(long after) {
        return new Op[] {
            Op.get(keys.head(), GetOption.DEFAULT),
            Op.get(keys.compacted(), GetOption.DEFAULT),
            Op.get(
                    keys.log(after + 1),
                    GetOption.builder()
                            .withRange(EtcdKeys.endOf(keys.log()))
                            .withLimit(BATCHES_MAX)
                            .build())
        };
    }

    Read read(long after, Deadline deadline) {
        return read(
                connection.call(
                        "read the log",
                        deadline,
                        client ->
                                client.getKVClient().txn().Then(requests(after)).commit()),
                deadline);
    }

    /** Of a response to {@link #requests}. */
    Read read(TxnResponse response, Deadline deadline) {
        List<GetResponse> gets = response.getGetResponses();
        List<KeyValue> head = gets.get(0).getKvs();
        List<Committed> batches = new ArrayList<>();
        int changes = 0;
        boolean more = gets.get(2).isMore();
        for (KeyValue entry : gets.get(2).getKvs()) {
            if (changes >= FabricStore.READ_CHANGES_MAX) {
                more = true;
                break;
            }
            Committed committed = batch(entry, deadline);
            batches.add(committed);
            changes += committed.batch().changes();
        }
        return new Read(
                Read.head(head),
                head.getFirst().getModRevision(),
                number(gets.get(1).getKvs()),
                batches,
                more,
                response.getHeader().getRevision());
    }

    static long number(List<KeyValue> found) {
        return found.isEmpty()
                ? 0
                : Long.parseLong(EtcdKeys.text(found.getFirst().getValue()));
    }

    /** The batch under a key of the log. */
    Committed batch(KeyValue entry, Deadline deadline) {
        byte[] value = entry.getValue().getBytes();
        String text = value.length < 100 ? new String(value, StandardCharsets.US_ASCII) : "";
        byte[] encoded = text.startsWith(PARTS) ? parts(entry, text, deadline) : value;
        return new Committed(LogBatch.decode(encoded), entry.getModRevision());
    }

    /**
     * What the key of a batch shall have.
     *
     * @param parts whether the batch itself is elsewhere
     */
    record Written(ByteSequence value, boolean parts) {}

    /**
     * Writes the parts of a batch that is too large for one key. They mean nothing until the log names them, as {@code
     * parts:TOKEN:COUNT}; those of a batch that never gets there go when the log is compacted.
     */
    Written write(LogBatch batch, Deadline deadline) {
        byte[] encoded = batch.encode();
        if (encoded.length <= VALUE_BYTES_MAX) {
            return new Written(ByteSequence.from(encoded), false);
        }
        int parts = 0;
        for (int from = 0; from < encoded.length; from += VALUE_BYTES_MAX) {
            ByteSequence key = keys.body(batch.last(), batch.token(), parts);
            ByteSequence part = ByteSequence.from(
                    Arrays.copyOfRange(encoded, from, Math.min(encoded.length, from + VALUE_BYTES_MAX)));
            connection.call(
                    "write a part of a revision",
                    deadline,
                    client -> client.getKVClient().put(key, part));
            parts++;
        }
        return new Written(EtcdKeys.bytes(PARTS + batch.token() + ":" + parts), true);
    }

    private byte[] parts(KeyValue entry, String manifest, Deadline deadline) {
        String[] fields = manifest.split(":", -1);
        int count = Integer.parseInt(fields[2]);
        String key = EtcdKeys.text(entry.getKey());
        long last = Long.parseLong(key.substring(key.lastIndexOf('/') + 1), 16);
        ByteArrayOutputStream all = new ByteArrayOutputStream(count * VALUE_BYTES_MAX);
        for (int part = 0; part < count; part++) {
            ByteSequence at = keys.body(last, fields[1], part);
            List<KeyValue> found = connection
                    .call(
                            "read a part of the log",
                            deadline,
                            client -> client.getKVClient().get(at))
                    .getKvs();
            if (found.isEmpty()) {
                throw new StoreException("a part of revision " + last + " is missing: the log was compacted", null);
            }
            all.writeBytes(found.getFirst().getValue().getBytes());
        }
        return all.toByteArray();
    }
}
