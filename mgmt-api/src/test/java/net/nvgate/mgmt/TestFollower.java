package net.nvgate.mgmt;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.fabric.sync.PolicyTarget;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncClientConfig;

/** Gateway gw-1 by the real stream: applies everything at once, and has nothing to tell. */
public class TestFollower implements FollowerState, PolicyTarget {

    /**
     * Follows until it is closed.
     *
     * @param cache where it keeps its policy
     */
    public final SyncClient follow(Manager manager, Path cache, String software) throws IOException {
        SyncClientConfig config = SyncClientConfig.of(
                "127.0.0.1", manager.syncPort(), new NodeId(NodeId.Kind.GATEWAY, "gw-1"), cache, software);
        SyncClient client = new SyncClient(config, this, this, new SimpleMeterRegistry());
        client.start();
        return client;
    }

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
        throw new IllegalArgumentException("no such kind: " + kind);
    }

    @Override
    public void replace(PolicySnapshot snapshot) throws PolicyRejectedException {}

    @Override
    public void apply(long revision, List<PolicyChange> changes) throws PolicyRejectedException {}
}
