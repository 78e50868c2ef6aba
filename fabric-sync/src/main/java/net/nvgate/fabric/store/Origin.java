package net.nvgate.fabric.store;

import net.nvgate.fabric.model.Rules;

/**
 * Who makes a transaction, and why.
 *
 * @param actor 1..128 characters, e.g. a user's name
 * @param comment free text of at most 1024 characters, may be empty; like the actor without a lone half of a surrogate pair
 */
public record Origin(String actor, String comment) {

    public static final int ACTOR_LENGTH_MAX = 128;
    public static final int COMMENT_LENGTH_MAX = 1024;

    /** The manager's own doing. */
    public static final Origin SYSTEM = new Origin("system", "");

    public Origin {
        if (actor.isEmpty() || actor.length() > ACTOR_LENGTH_MAX || comment.length() > COMMENT_LENGTH_MAX) {
            throw new IllegalArgumentException("an actor has 1.." + ACTOR_LENGTH_MAX + ", a comment at most "
                    + COMMENT_LENGTH_MAX + " characters: '" + actor + "', " + comment.length());
        }
        if (!Rules.encodable(actor) || !Rules.encodable(comment)) {
            throw new IllegalArgumentException("actor and comment must be well-formed Unicode");
        }
    }

    public Origin withComment(String comment) {
        return new Origin(actor, comment);
    }
}
