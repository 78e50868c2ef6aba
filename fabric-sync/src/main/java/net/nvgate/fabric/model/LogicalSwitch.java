package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A virtual switch that many hosts have alike (VMM New-SCLogicalSwitch).
 *
 * @param extensions names of switch extensions, in the order in which packets pass them
 * @param uplinkPortProfileIds what hosts can connect it by, one at least
 * @param virtualPorts what its port classifications mean, each once
 * @param sriov physical adapters give VMs functions of their own
 */
public record LogicalSwitch(
        @JsonUnwrapped Meta meta,
        List<String> extensions,
        List<UUID> uplinkPortProfileIds,
        List<VirtualPort> virtualPorts,
        boolean sriov)
        implements FabricObject {

    /** The profile that adapters of this classification get. */
    public record VirtualPort(UUID portClassificationId, UUID portProfileId) {

        public VirtualPort {
            String kind = Kind.LOGICAL_SWITCH.label();
            Rules.required(kind, "virtualPorts.portClassificationId", portClassificationId);
            Rules.required(kind, "virtualPorts.portProfileId", portProfileId);
        }
    }

    public LogicalSwitch(
            Meta meta,
            @Nullable List<String> extensions,
            @Nullable List<UUID> uplinkPortProfileIds,
            @Nullable List<VirtualPort> virtualPorts,
            boolean sriov) {
        String kind = Kind.LOGICAL_SWITCH.label();
        this.meta = Rules.meta(Kind.LOGICAL_SWITCH, meta);
        this.extensions = Rules.distinct(kind, "extensions", extensions);
        this.extensions.forEach(extension -> Rules.name(kind + ".extensions", extension));
        this.uplinkPortProfileIds = Rules.distinct(kind, "uplinkPortProfileIds", uplinkPortProfileIds);
        if (this.uplinkPortProfileIds.isEmpty()) {
            throw new ModelException(kind, "uplinkPortProfileIds", "[]", "must have one entry at least");
        }
        this.virtualPorts = Rules.list(kind, "virtualPorts", virtualPorts);
        Rules.distinct(
                kind,
                "virtualPorts.portClassificationId",
                this.virtualPorts.stream()
                        .map(VirtualPort::portClassificationId)
                        .toList());
        this.sriov = sriov;
    }

    /** The profile that a classification means here. */
    public Optional<UUID> portProfileId(UUID portClassificationId) {
        return virtualPorts.stream()
                .filter(port -> port.portClassificationId().equals(portClassificationId))
                .map(VirtualPort::portProfileId)
                .findFirst();
    }

    @Override
    public Kind kind() {
        return Kind.LOGICAL_SWITCH;
    }

    @Override
    public Set<UUID> references() {
        return Stream.concat(
                        uplinkPortProfileIds.stream(),
                        virtualPorts.stream()
                                .flatMap(port -> Stream.of(port.portClassificationId(), port.portProfileId())))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public LogicalSwitch withMeta(Meta meta) {
        return new LogicalSwitch(meta, extensions, uplinkPortProfileIds, virtualPorts, sriov);
    }
}
