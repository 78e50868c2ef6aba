package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.store.Origin;

/** Whom a request's changes are put down to, from where, and why they are made: {@code alice@192.0.2.1}. */
final class Actors {

    private static final String COMMENT = "X-Nvgate-Comment";

    private Actors() {}

    /** @throws ProblemException if the comment is too long */
    static Origin of(RoutingContext context) {
        String host = "@" + AccessGuard.address(context);
        String actor = AccessGuard.principal(context).actor();
        int room = Origin.ACTOR_LENGTH_MAX - host.length();
        Origin origin = new Origin((actor.length() > room ? actor.substring(0, room) : actor) + host, "");
        String comment = context.request().getHeader(COMMENT);
        return comment == null ? origin : commented(origin, comment, COMMENT);
    }

    /**
     * @param field where the comment was given
     * @throws ProblemException if it is too long, or not well-formed
     */
    static Origin commented(Origin origin, String comment, String field) {
        if (comment.length() > Origin.COMMENT_LENGTH_MAX) {
            throw new ProblemException(Problem.of(
                            ProblemCode.INVALID_VALUE,
                            field + " must have at most " + Origin.COMMENT_LENGTH_MAX + " characters")
                    .atField(field));
        }
        if (!Rules.encodable(comment)) {
            throw new ProblemException(Problem.of(ProblemCode.INVALID_VALUE, field + " must be well-formed Unicode")
                    .atField(field));
        }
        return origin.withComment(comment);
    }
}
