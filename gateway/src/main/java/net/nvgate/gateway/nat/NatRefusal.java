package net.nvgate.gateway.nat;

/** Why NAT refuses a session or mapping. Labels are those of metrics. */
public enum NatRefusal {
    NO_CONNECTION("no-connection"),
    SOURCE_NOT_SERVED("source-not-served"),
    PORTS_EXHAUSTED("ports-exhausted"),
    MAPPINGS_FULL("mappings-full"),
    HOSTS_FULL("hosts-full"),
    TENANT_SHARE("tenant-share"),
    TENANT_PORTS("tenant-ports"),
    TENANT_SESSIONS("tenant-sessions"),
    TENANT_RATE("tenant-rate"),
    HOST_PORTS("host-ports"),
    HOST_SESSIONS("host-sessions"),
    HOST_RATE("host-rate");

    static final int COUNT = values().length;

    private final String label;

    NatRefusal(String label) {
        this.label = label;
    }

    /** Kebab-case. */
    public String label() {
        return label;
    }
}
