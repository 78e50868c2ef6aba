package net.nvgate.mgmt.fuzz;

import java.util.List;
import java.util.Map;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.PolicyTarget;
import net.nvgate.fabric.sync.QueryResult;

/** A gateway that has nothing, but answers. */
public final class FuzzGateway implements FollowerState, PolicyTarget {

    @Override
    public boolean forwarding() {
        return true;
    }

    @Override
    public String statusJson() {
        return "{}";
    }

    @Override
    public QueryResult query(String kind, Map<String, String> filter, int limit) {
        String rows = switch (kind) {
            case "end-sessions" -> "[{\"ended\":0,\"matched\":0}]";
            case "watch-start" -> "[{\"id\":\"1\"}]";
            case "watch-read" -> "[{\"packets\":[],\"pcapng\":\"\",\"done\":true}]";
            default -> "[]";
        };
        return new QueryResult(rows, false);
    }

    @Override
    public void replace(PolicySnapshot snapshot) {}

    @Override
    public void apply(long revision, List<PolicyChange> changes) {}
}
