package net.nvgate.gateway.worker;

/**
 * When lists have changed, ends the sessions that they no longer allow, also those that nothing is sent in: a slice of the table a
 * millisecond. A session whose packets come is asked about at the first one, see {@link Sessions#resolveOutbound}; so this only tidies.
 * One thread.
 */
final class AclSweep {

    private final AclGate acl;
    private final Sessions sessions;
    private int swept;
    private int sweeping;
    private int place;

    AclSweep(AclGate acl, Sessions sessions) {
        this.acl = acl;
        this.sessions = sessions;
        this.swept = acl.version();
        this.sweeping = swept;
    }

    /** @return work done: 0 or 1 */
    int run(int limit) {
        int version = acl.version();
        if (version == swept) {
            return 0;
        }
        if (version != sweeping) {
            // What was swept by now was by older lists.
            sweeping = version;
            place = 0;
        }
        place = sessions.cutDenied(place, limit);
        if (place >= sessions.places()) {
            swept = sweeping;
            place = 0;
        }
        return 1;
    }
}
