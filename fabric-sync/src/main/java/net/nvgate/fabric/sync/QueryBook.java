package net.nvgate.fabric.sync;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.v1.QueryReply;

/** Queries of one session that wait for their reply. Used by the session's event loop only. */
final class QueryBook {

    private final NodeId node;
    private final int max;
    private final Map<Long, CompletableFuture<QueryResult>> open = new HashMap<>();
    private long nextId = 1;

    QueryBook(NodeId node, int max) {
        this.node = node;
        this.max = max;
    }

    /** @return id of the query, 0 if there are too many; then the answer has completed */
    long add(CompletableFuture<QueryResult> answer) {
        if (open.size() >= max) {
            fail(answer, "has " + max + " queries to answer already");
            return 0;
        }
        long id = nextId++;
        open.put(id, answer);
        return id;
    }

    /** @return false if nobody waits for it (any more) */
    boolean reply(QueryReply reply) {
        CompletableFuture<QueryResult> query = open.remove(reply.getId());
        if (query == null) {
            return false;
        }
        if (reply.getError().isEmpty()) {
            query.complete(new QueryResult(reply.getJson().toStringUtf8(), reply.getTruncated(), reply.getNext()));
        } else if (reply.getFailed()) {
            fail(query, "failed to answer: " + reply.getError());
        } else {
            query.completeExceptionally(new IllegalArgumentException(reply.getError()));
        }
        return true;
    }

    /** @return false if it was answered before */
    boolean expire(long id, String why) {
        CompletableFuture<QueryResult> query = open.remove(id);
        if (query != null) {
            fail(query, why);
        }
        return query != null;
    }

    void failAll(String why) {
        Iterator<CompletableFuture<QueryResult>> all = open.values().iterator();
        while (all.hasNext()) {
            fail(all.next(), why);
            all.remove();
        }
    }

    private void fail(CompletableFuture<QueryResult> answer, String why) {
        answer.completeExceptionally(new FollowerUnavailableException(node + " " + why));
    }

    static CompletableFuture<QueryResult> unavailable(NodeId node, String why) {
        return CompletableFuture.failedFuture(new FollowerUnavailableException(node + " " + why));
    }
}
