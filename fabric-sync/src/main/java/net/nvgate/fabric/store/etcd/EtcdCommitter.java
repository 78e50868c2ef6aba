package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.StoreUnavailableException;

/**
 * Sends batches: one etcd transaction each, on the condition that the head is still the one that the batch was checked
 * against.
 *
 * <p>When no answer comes, the same transaction is sent again: whether the first or the second is carried out, the other
 * then finds another head. Who finds another head looks for his token in the log.
 */
final class EtcdCommitter {

    private static final String CONFIRM = "confirm the change, which may or may not have been made";

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final EtcdLog log;

    EtcdCommitter(EtcdConnection connection, EtcdKeys keys, EtcdLog log) {
        this.connection = connection;
        this.keys = keys;
        this.log = log;
    }

    /** What became of a batch. */
    sealed interface Result {

        /** It is the last in the log. {@code headModified}: the etcd revision that it made. */
        record Last(long headModified) implements Result {}

        /** The head has moved; this is what the log has after the base. */
        record Moved(EtcdLog.Read read, boolean committed) implements Result {}
    }

    /** @throws StoreUnavailableException if it is not known before the deadline */
    Result commit(LogBatch batch, LiveReplica.Base base, Deadline deadline) {
        EtcdLog.Written written = log.write(batch, deadline);
        Result result = commit(batch, written.value(), base, deadline);
        if (written.parts() && result instanceof Result.Moved moved && !moved.committed()) {
            deleteParts(batch, deadline);
        }
        return result;
    }

    private void deleteParts(LogBatch batch, Deadline deadline) {
        ByteSequence prefix = keys.body(batch.last(), batch.token());
        connection.call(
                "delete parts of a revision",
                deadline,
                client -> client.getKVClient()
                        .delete(prefix, DeleteOption.builder().isPrefix(true).build()));
    }

    private Result commit(LogBatch batch, ByteSequence value, LiveReplica.Base base, Deadline deadline) {
        Op[] puts = {
            Op.put(keys.log(batch.last()), value, PutOption.DEFAULT),
            Op.put(keys.head(), EtcdHead.at(batch.last()).encode(), PutOption.DEFAULT)
        };
        Cmp unchanged = new Cmp(keys.head(), Cmp.Op.EQUAL, CmpTarget.modRevision(base.headModified()));
        TxnResponse response = connection.call(
                CONFIRM,
                deadline,
                client -> client.getKVClient()
                        .txn()
                        .If(unchanged)
                        .Then(puts)
                        .Else(log.requests(base.head()))
                        .commit());
        if (response.isSucceeded()) {
            return new Result.Last(response.getHeader().getRevision());
        }
        EtcdLog.Read read = log.read(response, deadline);
        if (read.compacted() > base.head()) {
            throw new StoreException(
                    "it cannot be known whether the change was committed: the log after revision " + base.head()
                            + " was compacted before an answer came",
                    null);
        }
        if (read.head().fenced().isEmpty() && read.head().revision() < base.head()) {
            throw new StoreFencedException("etcd went back from revision " + base.head() + " to "
                    + read.head().revision() + ": it was restored; start the manager again");
        }
        boolean committed = !read.batches().isEmpty()
                && read.batches().getFirst().batch().token().equals(batch.token());
        return new Result.Moved(read, committed);
    }
}
