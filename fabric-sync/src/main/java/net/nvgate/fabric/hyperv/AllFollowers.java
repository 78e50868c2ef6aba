package net.nvgate.fabric.hyperv;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.fabric.sync.QueryResult;

/**
 * Followers of the stream and hosts that ask, side by side. A node that was both (another system was installed) is what it is now.
 *
 * @param stream gateways and Linux hosts
 * @param asking Hyper-V hosts
 */
public record AllFollowers(Followers stream, Followers asking) implements Followers {

    @Override
    public List<Follower> all() {
        return Stream.concat(
                        stream.all().stream().filter(each -> isStreams(each.node())),
                        asking.all().stream().filter(each -> !isStreams(each.node())))
                .sorted(Comparator.comparing(Follower::node))
                .toList();
    }

    private boolean isStreams(NodeId node) {
        Optional<Follower> one = stream.find(node);
        Optional<Follower> other = asking.find(node);
        return one.isPresent()
                && (one.get().connected() || !other.map(Follower::connected).orElse(false));
    }

    @Override
    public Optional<Follower> find(NodeId node) {
        return isStreams(node) ? stream.find(node) : asking.find(node);
    }

    @Override
    public CompletableFuture<QueryResult> query(NodeId node, String kind, Map<String, String> filter, int limit) {
        return asking.find(node).isPresent() && !isStreams(node)
                ? asking.query(node, kind, filter, limit)
                : stream.query(node, kind, filter, limit);
    }
}
