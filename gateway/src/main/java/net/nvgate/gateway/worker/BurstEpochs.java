package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.Epochs;

/**
 * Epochs as {@link Adjacencies#epoch} tells them, read less often: what is common to all tenants at the begin of a burst and after
 * each packet that may have changed it, a tenant's own when the packet before was another's. So what changes on another thread is
 * seen a burst later at most.
 */
final class BurstEpochs {

    private static final int NO_DOMAIN = -1;

    private final Adjacencies adjacencies;
    private final Epochs epochs;
    private int common;
    private int knownDomain = NO_DOMAIN;
    private int knownEpoch;

    BurstEpochs(Adjacencies adjacencies, Epochs epochs) {
        this.adjacencies = adjacencies;
        this.epochs = epochs;
    }

    /** Forgets all: a burst begins, or a packet has gone another way. */
    void renew() {
        common = adjacencies.commonEpoch();
        knownDomain = NO_DOMAIN;
    }

    int of(int domain) {
        if (domain != knownDomain) {
            knownDomain = domain;
            knownEpoch = epochs.of(domain) + common;
        }
        return knownEpoch;
    }
}
