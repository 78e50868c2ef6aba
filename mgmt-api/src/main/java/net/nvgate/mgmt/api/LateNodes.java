package net.nvgate.mgmt.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.convergence.Convergence;
import net.nvgate.fabric.convergence.NodeConvergence;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricWarning;
import net.nvgate.fabric.manager.ObjectUser;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.NodeId;

/** A warning of each gateway and host that is late, of the first {@value #WARNINGS_MAX}. */
final class LateNodes {

    static final int WARNINGS_MAX = 100;

    private final FabricManager fabric;
    private final Convergence convergence;

    LateNodes(FabricManager fabric, Convergence convergence) {
        this.fabric = fabric;
        this.convergence = convergence;
    }

    List<FabricWarning> warnings() {
        List<NodeConvergence> late = convergence.late();
        if (late.isEmpty()) {
            return List.of();
        }
        Map<NodeId, FabricObject> objects = Stream.of(Kind.GATEWAY, Kind.HOST)
                .flatMap(kind -> fabric.list(kind).stream())
                .collect(Collectors.toMap(FabricOverview::nodeId, Function.identity()));
        return late.stream()
                .limit(WARNINGS_MAX)
                .map(node -> new FabricWarning(
                        FabricWarning.Code.NODE_LATE,
                        Optional.ofNullable(objects.get(node.node())).map(ObjectUser::of),
                        Convergence.describe(node)))
                .toList();
    }
}
