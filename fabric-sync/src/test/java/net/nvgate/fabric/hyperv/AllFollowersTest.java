package net.nvgate.fabric.hyperv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.fabric.sync.QueryResult;
import org.junit.jupiter.api.Test;

class AllFollowersTest {

    /** Answers with its name. */
    private record Some(String name, List<Follower> all) implements Followers {

        @Override
        public Optional<Follower> find(NodeId node) {
            return all.stream().filter(each -> each.node().equals(node)).findFirst();
        }

        @Override
        public CompletableFuture<QueryResult> query(NodeId node, String kind, Map<String, String> filter, int limit) {
            return CompletableFuture.completedFuture(new QueryResult("[\"" + name + "\"]", false));
        }
    }

    private static NodeId host(String name) {
        return new NodeId(NodeId.Kind.HOST, name);
    }

    private static Followers.Follower follower(NodeId node, boolean connected, String software) {
        return new Followers.Follower(node, connected, "", software, 1, 1, connected, "", "{}", Instant.EPOCH);
    }

    private static AllFollowers both(List<Followers.Follower> stream, List<Followers.Follower> asking) {
        return new AllFollowers(new Some("stream", stream), new Some("asking", asking));
    }

    private static List<String> software(AllFollowers followers) {
        return followers.all().stream().map(Followers.Follower::software).toList();
    }

    @Test
    void standSideBySideInOrder() {
        NodeId gateway = new NodeId(NodeId.Kind.GATEWAY, "gw1");
        AllFollowers all = both(
                List.of(follower(gateway, true, "gateway"), follower(host("b"), true, "linux")),
                List.of(follower(host("a"), true, "windows"), follower(host("c"), false, "windows too")));
        assertThat(software(all)).containsExactly("gateway", "windows", "linux", "windows too");
        assertThat(all.find(host("a")))
                .hasValueSatisfying(f -> assertThat(f.software()).isEqualTo("windows"));
        assertThat(all.find(host("nobody"))).isEmpty();
    }

    @Test
    void aHostThatBecameAnotherSystemIsWhatItIsNow() throws Exception {
        for (boolean stream : new boolean[] {true, false}) {
            AllFollowers all = both(
                    List.of(follower(host("a"), stream, "stream")), List.of(follower(host("a"), !stream, "asking")));
            String now = stream ? "stream" : "asking";
            assertThat(software(all)).containsExactly(now);
            assertThat(all.find(host("a")))
                    .hasValueSatisfying(f -> assertThat(f.software()).isEqualTo(now));
            assertThat(all.query(host("a"), "counters", Map.of(), 1).get().json())
                    .isEqualTo("[\"" + now + "\"]");
        }
    }
}
