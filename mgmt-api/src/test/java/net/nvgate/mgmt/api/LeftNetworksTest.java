package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.file.FabricFiles;
import net.nvgate.fabric.file.FileOptions;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tenant sees no more, and that the log is read only for what may have been deleted since. */
class LeftNetworksTest {

    private static final String FABRIC = """
            name: f
            logical-networks: [{name: hnv, networkVirtualization: true}]
            clouds: [{name: cloud, logicalNetworks: [hnv]}]
            plans: [{name: small, cloud: cloud, access: PUBLIC}, {name: large, cloud: cloud, access: PUBLIC}]
            subscriptions:
              - {name: ours, plan: small, owner: us}
              - {name: theirs, plan: small, owner: them}
            vm-networks: [{name: net, logicalNetwork: hnv, subscription: ours}]
            vm-subnets: [{name: web, vmNetwork: net, prefix: 192.168.1.0/24}]
            """;

    @TempDir
    private Path directory;

    private SqliteStore store;
    private FabricManager fabric;
    private PolicyProjection policy;
    private ChangeLog log;
    private int reads;

    @BeforeEach
    void open() {
        store = SqliteStore.open(directory);
        fabric = new FabricManager(store, new Random(1), new SimpleMeterRegistry());
        policy = new PolicyProjection(store, 100, new SimpleMeterRegistry());
        log = new ChangeLog(fabric, policy, store);
        apply(FABRIC);
    }

    @AfterEach
    void close() {
        policy.close();
        fabric.close();
        store.close();
    }

    /** The revision that it made. */
    private RevisionChanges apply(String file) {
        new FabricFiles(log).apply(fabric, file, new FileOptions(true, false));
        return log.revision(store.head());
    }

    /** Names of what left the tenant {@code us} by a revision, as of now. */
    private List<String> left(RevisionChanges revision) {
        List<Subscription> own = fabric.list(Kind.SUBSCRIPTION).stream()
                .map(Subscription.class::cast)
                .filter(subscription -> subscription.owner().equals("us"))
                .toList();
        TenantScope scope = new TenantScope(fabric, "us", Set.of(), own);
        OwnedThen then = new OwnedThen(scope, fabric, log, log::deleted);
        LeftNetworks.Since counted = (after, limit) -> {
            reads++;
            return log.since(after, limit);
        };
        return new LeftNetworks(fabric, counted, scope, then)
                .by(revision).stream().map(FabricObject::name).toList();
    }

    @Test
    void aChangeThatTakesNothingTakesNothing() {
        RevisionChanges renamed = apply(FABRIC.replace("owner: us}", "owner: us, description: more}"));
        RevisionChanges larger = apply(FABRIC.replace("plan: small, owner: us}", "plan: large, owner: us}"));
        assertThat(left(renamed)).as("the plan went by the next revision").isEmpty();
        assertThat(left(larger)).containsExactly("small");
        assertThat(reads).isZero();
    }

    @Test
    void aPlanThatChangesWithTheSubscriptionOrIsDeletedSinceIsGoneToo() {
        String larger = FABRIC.replace("plan: small, owner: us}", "plan: large, owner: us}");
        RevisionChanges both = apply(larger.replace("{name: small,", "{name: small, description: other,"));
        assertThat(left(both)).containsExactly("small");
        apply(larger.replace("plan: small, owner: them}", "plan: large, owner: them}")
                .replace("{name: small, cloud: cloud, access: PUBLIC}, ", ""));
        assertThat(left(both)).as("after the plan was deleted").containsExactly("small");
        assertThat(reads).isZero();
    }

    @Test
    void whatIsDeletedHasNothingInIt() {
        String without = FABRIC.replaceFirst("vm-networks:.*\n", "").replaceFirst("vm-subnets:.*\n", "");
        RevisionChanges deleted = apply(without);
        assertThat(deleted.changes()).hasSizeGreaterThan(1);
        assertThat(left(deleted)).isEmpty();
        RevisionChanges ended = apply(without.replaceFirst("  - \\{name: ours.*\n", ""));
        assertThat(left(ended)).containsExactly("small");
        assertThat(reads).isZero();
    }

    @Test
    void aNetworkThatMovesTakesAlongWhatIsInItAndWhatWasDeletedSince() {
        String moved = FABRIC.replace("subscription: ours}]", "subscription: theirs}]");
        RevisionChanges revision = apply(moved);
        apply(moved.replaceFirst("vm-subnets:.*\n", ""));
        assertThat(left(revision)).contains("web").doesNotContain("small", "net");
        assertThat(reads).isPositive();
    }
}
