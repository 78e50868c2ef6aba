package net.nvgate.fabric.sync;

/**
 * Rows of live state of a follower.
 *
 * @param json array of objects
 * @param truncated there were more rows than the limit
 * @param next where the rows go on, for the follower itself to read; empty = it cannot say, or there are no more
 */
public record QueryResult(String json, boolean truncated, String next) {

    public QueryResult(String json, boolean truncated) {
        this(json, truncated, "");
    }
}
