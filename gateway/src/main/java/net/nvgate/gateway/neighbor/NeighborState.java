package net.nvgate.gateway.neighbor;

/** State of a neighbour, as RFC 4861 §7.3.2 names them. */
public enum NeighborState {
    /** Asked for, no answer yet: no MAC to send to. */
    INCOMPLETE(1),
    /** Has answered lately. */
    REACHABLE(2),
    /** Has not answered lately; usable. */
    STALE(3),
    /** Is being asked again; usable. */
    PROBE(4),
    /** Did not answer; asked once a second while packets need it, else forgotten in a few seconds. */
    FAILED(5);

    private final int code;

    NeighborState(int code) {
        this.code = code;
    }

    /** Value in {@link NeighborEntry}. */
    public int code() {
        return code;
    }

    static NeighborState ofCode(int code) {
        for (NeighborState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        throw new IllegalArgumentException("no neighbour state " + code);
    }
}
