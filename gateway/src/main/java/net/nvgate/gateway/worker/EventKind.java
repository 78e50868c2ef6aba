package net.nvgate.gateway.worker;

/** What a worker tells people about: rare things that somebody should do something about. Labels are those of logs and metrics. */
public enum EventKind {
    NAT_PORTS_EXHAUSTED("nat-ports-exhausted", "no external port is free for an inside address"),
    NAT_ADDRESSES_EXHAUSTED("nat-addresses-exhausted", "no external address of a tenant's pool has a free port"),
    NAT_TABLE_FULL("nat-table-full", "the worker has no room for another mapping"),
    FLOW_TABLE_FULL("flow-table-full", "the worker has no room for another session, and none has expired"),
    TENANT_QUOTA("tenant-quota", "a tenant is at a limit of ports, sessions or sessions per second"),
    HOST_QUOTA("host-quota", "an inside address is at a limit of ports, sessions or sessions per second"),
    SYN_FLOOD("syn-flood", "more unsolicited TCP SYNs wait for their verdict than there is room for"),
    SPOOFED_SOURCES("spoofed-sources", "a tenant's packets come from addresses or hosts without lookup record"),
    FRAGMENT_FLOOD("fragment-flood", "more fragmented datagrams are under way than there is room for"),
    NAT_POOL_80("nat-pool-80", "of the ports of a NAT connection four fifths are taken, of one protocol"),
    NAT_POOL_95("nat-pool-95", "of the ports of a NAT connection 95 percent are taken, of one protocol"),
    MTU_TROUBLE("mtu-trouble", "packets from or to a VM do not fit, see the view mtu"),
    NEIGHBOR_LOST("neighbor-lost", "a neighbour that answered answers no more"),
    PORT_ACL("port-acl", "a rule of a port ACL that wants to be told has decided on a flow");

    private static final EventKind[] ALL = values();
    static final int COUNT = ALL.length;

    private final String label;
    private final String explanation;

    EventKind(String label, String explanation) {
        this.label = label;
        this.explanation = explanation;
    }

    /** Kebab-case, as in metrics and logs. */
    public String label() {
        return label;
    }

    /** One line, for operators. */
    public String explanation() {
        return explanation;
    }

    static EventKind of(int ordinal) {
        return ALL[ordinal];
    }
}
