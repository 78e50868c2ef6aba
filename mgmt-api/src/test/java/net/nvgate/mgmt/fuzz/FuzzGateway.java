package net.nvgate.mgmt.fuzz;

import java.util.Map;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.mgmt.TestFollower;

/** A gateway that has nothing, but answers. */
public final class FuzzGateway extends TestFollower {

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
}
