package net.nvgate.gateway.watch;

/** A port of the gateway. */
public enum Side {
    /** Toward the hosts. */
    PA("pa"),
    /** Toward the physical network. */
    EXT("ext");

    private final String label;

    Side(String label) {
        this.label = label;
    }

    /** As ports are named. */
    public String label() {
        return label;
    }
}
