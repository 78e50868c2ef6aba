package net.nvgate.gateway.flow;

/** What sessions can be put in order by. */
public enum SessionSort {
    /** Of IP, both ways. */
    BYTES,
    /** Both ways. */
    PACKETS,
    AGE,
    IDLE;

    private static final int TICK_SHIFT = 4;

    /**
     * Of a session by its outbound line: larger is more. Of {@link #AGE} and {@link #IDLE} it does not change while time passes and nothing
     * happens, so that pages asked for one after the other fit together.
     */
    public long value(long session, long stamp, long nowMs) {
        return switch (this) {
            case BYTES -> Session.bytes(session) + Session.bytes(Session.other(session));
            case PACKETS -> Session.packets(session) + Session.packets(Session.other(session));
            case AGE -> (FlowTable.ageMs(stamp, nowMs) >>> TICK_SHIFT) - (nowMs >>> TICK_SHIFT);
            case IDLE -> (Session.idleMs(session, (int) nowMs) >>> TICK_SHIFT) - (nowMs >>> TICK_SHIFT);
        };
    }
}
