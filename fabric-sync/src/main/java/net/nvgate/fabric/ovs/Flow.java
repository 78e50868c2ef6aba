package net.nvgate.fabric.ovs;

/**
 * One OpenFlow entry in the syntax of ovs-ofctl.
 *
 * @param match fields joined by commas, empty for "everything"
 * @param actions what follows {@code actions=}
 * @param ofport of the VM that it counts for, 0 = of no single one
 */
record Flow(Table table, int priority, String match, FlowCounter counter, String actions, int ofport) {

    private static final int OFPORT_SHIFT = 32;

    Flow(Table table, int priority, String match, FlowCounter counter, String actions) {
        this(table, priority, match, counter, actions, 0);
    }

    static Flow drop(Table table, int priority, String match, FlowCounter reason) {
        return new Flow(table, priority, match, reason, "drop");
    }

    static Flow to(Table table, int priority, String match, String actions) {
        return new Flow(table, priority, match, FlowCounter.NONE, actions);
    }

    /** The same, ahead of this one, for what comes from one port, and counted for it. */
    Flow ofSender(int port) {
        String narrowed = (match.isEmpty() ? "" : match + ",") + "in_port=" + port;
        return new Flow(table, priority + 1, narrowed, counter, actions, port);
    }

    /** The counter in the lower half, the VM's port in the upper. */
    long cookie() {
        return (long) ofport << OFPORT_SHIFT | counter.cookie();
    }

    static int ofportOf(long cookie) {
        return (int) (cookie >>> OFPORT_SHIFT);
    }

    /** Two flows with the same identity cannot be in the switch together: the later replaces the earlier. */
    String identity() {
        return "table=" + table.number() + ",priority=" + priority + (match.isEmpty() ? "" : "," + match);
    }

    /** As {@code ovs-ofctl add-flow} takes it. */
    String line() {
        return identity() + ",cookie=0x" + Long.toHexString(cookie()) + ",actions=" + actions;
    }
}
