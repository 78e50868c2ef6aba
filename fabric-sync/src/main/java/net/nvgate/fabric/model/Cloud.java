package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of the fabric that a plan offers (VMM New-SCCloud).
 *
 * @param hostGroupIds host groups, with those below them, whose hosts VMs run on
 * @param hostIds hosts besides; if there is neither a group nor a host, all
 * @param logicalNetworkIds networks that VM networks are made on, empty = all
 * @param portClassificationIds what NICs can ask for, empty = all
 * @param capacity what all subscriptions together may use
 */
public record Cloud(
        @JsonUnwrapped Meta meta,
        List<UUID> hostGroupIds,
        List<UUID> hostIds,
        List<UUID> logicalNetworkIds,
        List<UUID> portClassificationIds,
        Capacity capacity)
        implements FabricObject {

    public Cloud(
            Meta meta,
            @Nullable List<UUID> hostGroupIds,
            @Nullable List<UUID> hostIds,
            @Nullable List<UUID> logicalNetworkIds,
            @Nullable List<UUID> portClassificationIds,
            @Nullable Capacity capacity) {
        String kind = Kind.CLOUD.label();
        this.meta = Rules.meta(Kind.CLOUD, meta);
        this.hostGroupIds = Rules.distinct(kind, "hostGroupIds", hostGroupIds);
        this.hostIds = Rules.distinct(kind, "hostIds", hostIds);
        this.logicalNetworkIds = Rules.distinct(kind, "logicalNetworkIds", logicalNetworkIds);
        this.portClassificationIds = Rules.distinct(kind, "portClassificationIds", portClassificationIds);
        this.capacity = Rules.given(capacity, Capacity.MAXIMUM);
    }

    @Override
    public Kind kind() {
        return Kind.CLOUD;
    }

    @Override
    public Set<UUID> references() {
        return Stream.of(hostGroupIds, hostIds, logicalNetworkIds, portClassificationIds)
                .flatMap(List::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Cloud withMeta(Meta meta) {
        return new Cloud(meta, hostGroupIds, hostIds, logicalNetworkIds, portClassificationIds, capacity);
    }
}
