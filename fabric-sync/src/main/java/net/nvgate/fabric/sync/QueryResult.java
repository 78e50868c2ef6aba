package net.nvgate.fabric.sync;

/**
 * Rows of live state of a follower.
 *
 * @param json array of objects
 * @param truncated there were more rows than the limit
 */
public record QueryResult(String json, boolean truncated) {}
