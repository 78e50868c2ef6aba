package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.route.Epochs;

/**
 * Epochs as {@link Adjacencies#epoch} tells them, with less work: what is common to all tenants, and where the tenants' own are, is read at the
 * begin of a burst and after each packet that may have changed it. So what changes on another thread is seen a burst later at most. Only compared
 * with what a session has: who reads tables after it reads its own.
 */
final class BurstEpochs {

    private final Adjacencies adjacencies;
    private final Epochs epochs;
    private int common;
    private long table;
    private int length;

    BurstEpochs(Adjacencies adjacencies, Epochs epochs) {
        this.adjacencies = adjacencies;
        this.epochs = epochs;
    }

    /** Forgets all: a burst begins, or a packet has gone another way. */
    void renew() {
        common = adjacencies.commonEpoch();
        long now = epochs.table();
        table = Epochs.first(now);
        length = Epochs.length(now);
    }

    /** @param domain 0 or above */
    int of(int domain) {
        return (domain < length ? Mem.i32(table + 8L * domain) : 0) + common;
    }
}
