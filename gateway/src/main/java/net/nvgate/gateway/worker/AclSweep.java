package net.nvgate.gateway.worker;

/**
 * When lists have changed, ends the sessions that they no longer allow, also those that nothing is sent in: a slice of the table a
 * turn of the loop. A session whose packets come is asked about at the first one, see {@link Sessions#resolveOutbound}; so this only tidies.
 *
 * <p>It goes round the table, always on, and stops where it was when the last change came: each place is asked about once a round by the
 * lists of that moment, so that changes which come without end lengthen the work but keep no session waiting for more than a round.
 *
 * <pre>
 *  0 ......... stop ............ place ...... places        next round: to the end, then from 0 to stop
 *              a change came here
 * </pre>
 *
 * One thread.
 */
final class AclSweep {

    private final AclGate acl;
    private final Sessions sessions;
    private int version;
    private int place;
    private int stop;
    private Round round = Round.NONE;

    /** How far it is since the last change. */
    private enum Round {
        /** Everything has been asked about. */
        NONE,
        /** On the way to the end of the table. */
        TO_END,
        /** On the way from its beginning to where the change came. */
        TO_STOP
    }

    AclSweep(AclGate acl, Sessions sessions) {
        this.acl = acl;
        this.sessions = sessions;
        this.version = acl.version();
    }

    /**
     * @param limit places to look at
     * @return work done: 0 or 1
     */
    int run(int limit) {
        int now = acl.version();
        if (now != version) {
            version = now;
            stop = place;
            round = Round.TO_END;
        }
        switch (round) {
            case NONE -> {
                return 0;
            }
            case TO_END -> {
                place = sessions.cutDenied(place, limit);
                if (place >= sessions.places()) {
                    place = 0;
                    round = stop == 0 ? Round.NONE : Round.TO_STOP;
                }
            }
            case TO_STOP -> {
                place = sessions.cutDenied(place, Math.min(limit, stop - place));
                round = place >= stop ? Round.NONE : Round.TO_STOP;
            }
        }
        return 1;
    }
}
