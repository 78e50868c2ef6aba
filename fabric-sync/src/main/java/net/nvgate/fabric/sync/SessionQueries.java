package net.nvgate.fabric.sync;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.v1.Query;
import net.nvgate.fabric.sync.v1.QueryReply;
import net.nvgate.fabric.sync.v1.ServerFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the follower of one session, each question with a deadline. Used by the session's event loop only. */
final class SessionQueries {

    private static final Logger log = LoggerFactory.getLogger(SessionQueries.class);

    private final NodeId node;
    private final SyncServerLimits limits;
    private final SyncMetrics metrics;
    private final SessionChannel channel;
    private final QueryBook book;

    SessionQueries(NodeId node, ServerContext server, SessionChannel channel) {
        this.node = node;
        this.limits = server.limits();
        this.metrics = server.metrics();
        this.channel = channel;
        this.book = new QueryBook(node, limits.queries());
    }

    /** @param limit rows wanted; none or too many = as many as the server allows */
    void ask(CompletableFuture<QueryResult> answer, String kind, Map<String, String> filter, int limit) {
        if (!channel.isWritable()) {
            answer.completeExceptionally(new FollowerUnavailableException(node + " does not read"));
            return;
        }
        long id = book.add(answer);
        if (id == 0) {
            return;
        }
        int rows = limit <= 0 ? limits.queryRows() : Math.min(limit, limits.queryRows());
        Query query = Query.newBuilder()
                .setId(id)
                .setKind(kind)
                .putAllFilter(filter)
                .setLimit(rows)
                .build();
        channel.send(ServerFrame.newBuilder().setQuery(query).build());
        channel.afterNanos(limits.queryTimeout().toNanos(), () -> expire(id));
    }

    private void expire(long id) {
        if (book.expire(id, "did not answer within " + limits.queryTimeout())) {
            metrics.error("query");
        }
    }

    /** @throws ProtocolException if the answer is no JSON array */
    void replied(QueryReply reply) {
        if (reply.getError().isEmpty()) {
            Json.requireArray(reply.getJson(), "query reply");
        }
        if (!book.reply(reply)) {
            log.debug("{} answered query {} too late", node, reply.getId());
        }
    }

    /** The follower went away. */
    void failAll() {
        book.failAll("went away");
    }
}
