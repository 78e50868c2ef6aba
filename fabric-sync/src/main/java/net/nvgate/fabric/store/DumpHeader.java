package net.nvgate.fabric.store;

import java.util.UUID;

/**
 * Which store a dump is of.
 *
 * @param revision as of which
 * @param compacted the log in the dump begins after this revision
 */
public record DumpHeader(UUID fabricId, long revision, long compacted) {}
