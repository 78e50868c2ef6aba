package net.nvgate.fabric.ovs;

/**
 * One OpenFlow entry in the syntax of ovs-ofctl.
 *
 * @param match fields joined by commas, empty for "everything"
 * @param actions what follows {@code actions=}
 */
record Flow(Table table, int priority, String match, FlowCounter counter, String actions) {

    static Flow drop(Table table, int priority, String match, FlowCounter reason) {
        return new Flow(table, priority, match, reason, "drop");
    }

    static Flow to(Table table, int priority, String match, String actions) {
        return new Flow(table, priority, match, FlowCounter.NONE, actions);
    }

    /** Two flows with the same identity cannot be in the switch together: the later replaces the earlier. */
    String identity() {
        return "table=" + table.number() + ",priority=" + priority + (match.isEmpty() ? "" : "," + match);
    }

    /** As {@code ovs-ofctl add-flow} takes it. */
    String line() {
        return identity() + ",cookie=0x" + Long.toHexString(counter.cookie()) + ",actions=" + actions;
    }
}
