package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What turns one program into another: only the entries that differ. The switch takes it as one bundle, so that every
 * packet is handled by the whole of the old or the whole of the new, and untouched entries keep their counters.
 *
 * @param lines for {@code ovs-ofctl --bundle add-flows}
 */
record FlowChanges(List<String> lines) {

    static FlowChanges between(List<Flow> before, List<Flow> after) {
        Map<String, Flow> old = byIdentity(before);
        Map<String, Flow> wanted = byIdentity(after);
        List<String> lines = new ArrayList<>();
        for (Flow flow : before) {
            if (!wanted.containsKey(flow.identity())) {
                lines.add("delete_strict " + flow.identity());
            }
        }
        for (Flow flow : after) {
            // Adding over an existing entry replaces it, cookie and counters included.
            if (!flow.equals(old.get(flow.identity()))) {
                lines.add("add " + flow.line());
            }
        }
        return new FlowChanges(List.copyOf(lines));
    }

    private static Map<String, Flow> byIdentity(List<Flow> flows) {
        return flows.stream().collect(Collectors.toMap(Flow::identity, Function.identity()));
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }
}
