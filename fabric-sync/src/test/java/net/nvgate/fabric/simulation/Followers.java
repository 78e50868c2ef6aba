package net.nvgate.fabric.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyInside;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.sync.SimulatedFollower;
import net.nvgate.fabric.sync.SimulatedServer;

/**
 * A gateway and a host that follow one manager or another, over connections that are slow, break off unnoticed or say
 * things twice, with caches that a crash may leave old, cut or gone. Whatever revision one of them holds, it has the policy
 * of that revision.
 */
final class Followers implements AutoCloseable {

    private static final Set<NodeId> NODES =
            Set.of(new NodeId(NodeId.Kind.GATEWAY, "gateway1"), new NodeId(NodeId.Kind.HOST, "host1"));
    private static final int CONNECTIONS_MAX = 8;
    private static final int STEPS_MAX = 10_000;

    private final Random random;
    private final PolicyInside.Past past;
    private final List<SimulatedFollower> all = new ArrayList<>();

    /** @param directory for their caches */
    Followers(Random random, StoreSnapshot first, Path directory) {
        this.random = random;
        past = new PolicyInside.Past(first, NODES);
        try {
            for (NodeId node : NODES.stream().sorted().toList()) {
                all.add(new SimulatedFollower(node, directory.resolve(node.name())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void committed(RevisionChanges changes) {
        past.next(changes);
    }

    /** Something happens to one of them. */
    void step(SimulatedServer server) {
        SimulatedFollower follower = all.get(random.nextInt(all.size()));
        int dice = random.nextInt(20);
        if (!follower.isConnected()) {
            follower.connect(server);
        } else if (dice == 0) {
            follower.end();
        } else if (dice == 1) {
            restart(follower);
        } else if (dice == 2) {
            follower.receiveTwice();
        } else if (dice == 3) {
            follower.reading(random.nextBoolean());
        } else if (dice == 4) {
            follower.endAtServer();
        } else if (dice < 7) {
            server.tick();
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            move(follower, server);
        }
    }

    private void restart(SimulatedFollower follower) {
        SimulatedFollower.Remains[] remains = SimulatedFollower.Remains.values();
        try {
            follower.restart(remains[random.nextInt(remains.length)], random.nextInt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        check(follower);
    }

    private boolean move(SimulatedFollower follower, SimulatedServer server) {
        boolean moved = follower.send();
        moved |= server.answer();
        moved |= follower.receive();
        boolean applied = follower.apply();
        if (applied) {
            check(follower);
        }
        return moved || applied;
    }

    private void check(SimulatedFollower follower) {
        Optional<Set<PolicyObject>> wanted = past.policy(follower.node(), follower.revision());
        if (wanted.isPresent() && !wanted.get().equals(follower.policy())) {
            throw new AssertionError(follower.node() + " at revision " + follower.revision() + " has the policy "
                    + follower.policy() + ", not " + wanted.get());
        }
    }

    /** The manager's process has ended. */
    void died() {
        all.forEach(SimulatedFollower::end);
    }

    /** Connected to a manager that knows all, each one comes to the policy that there is. */
    void end(SimulatedServer server, long head, Map<NodeId, Set<PolicyObject>> policy) {
        // Who does not read holds its place in the line for snapshots until a deadline that nobody waits for here.
        all.forEach(follower -> follower.reading(true));
        for (SimulatedFollower follower : all) {
            int connections = 0;
            while (policy.containsKey(follower.node())
                    && (follower.revision() != head
                            || !policy.get(follower.node()).equals(follower.policy()))) {
                if (++connections > CONNECTIONS_MAX) {
                    throw new AssertionError(follower.node() + " stays at revision " + follower.revision() + ", not "
                            + head + " (" + follower.lastEnd() + "), with " + follower.policy());
                }
                all.forEach(SimulatedFollower::endAtServer);
                follower.connect(server);
                drain(server);
                server.tick();
                drain(server);
            }
        }
    }

    /** All of them go on: they stand in one line for snapshots. */
    private void drain(SimulatedServer server) {
        int steps = 0;
        boolean moved = true;
        while (moved) {
            moved = false;
            for (SimulatedFollower follower : all) {
                moved |= move(follower, server);
            }
            if (++steps > STEPS_MAX) {
                throw new AssertionError("followers and their manager do not come to an end");
            }
        }
    }

    @Override
    public void close() {
        try {
            for (SimulatedFollower follower : all) {
                follower.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
