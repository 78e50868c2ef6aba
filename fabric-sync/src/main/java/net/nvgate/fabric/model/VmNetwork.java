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
 * A tenant's network: one routing domain.
 *
 * @param logicalNetworkId the logical network that carries it
 * @param rdid routing domain id, unique
 * @param isolationType what keeps it apart from others on the logical network
 * @param subscriptionId whose it is; absent = the administrator's
 * @param grantedTo subscriptions besides the owner's whose VMs may be on it
 * @param caFamily of the addresses of VM subnets
 * @param paFamily of the provider addresses of hosts and gateways
 */
public record VmNetwork(
        @JsonUnwrapped Meta meta,
        UUID logicalNetworkId,
        UUID rdid,
        IsolationType isolationType,
        Optional<UUID> subscriptionId,
        List<UUID> grantedTo,
        AddressFamily caFamily,
        AddressFamily paFamily)
        implements FabricObject {

    /** VMM's IsolationType. */
    public enum IsolationType {
        /** NVGRE. The only one with VM subnets and gateways. */
        WINDOWS_NETWORK_VIRTUALIZATION,
        /** The logical network as it is, so one VM network on it at most. */
        NO_ISOLATION,
        /** VLANs of the logical network's sites. */
        VLAN,
        /** By a switch extension that somebody else manages. */
        EXTERNAL
    }

    /** What was left out, or an older version did not know, has its default. */
    public VmNetwork(
            Meta meta,
            UUID logicalNetworkId,
            UUID rdid,
            @Nullable IsolationType isolationType,
            Optional<UUID> subscriptionId,
            @Nullable List<UUID> grantedTo,
            @Nullable AddressFamily caFamily,
            @Nullable AddressFamily paFamily) {
        String kind = Kind.VM_NETWORK.label();
        this.meta = Rules.meta(Kind.VM_NETWORK, meta);
        this.logicalNetworkId = Rules.required(kind, "logicalNetworkId", logicalNetworkId);
        this.rdid = Rules.required(kind, "rdid", rdid);
        this.isolationType = Rules.given(isolationType, IsolationType.WINDOWS_NETWORK_VIRTUALIZATION);
        this.subscriptionId = subscriptionId;
        this.grantedTo = Rules.distinct(kind, "grantedTo", grantedTo);
        this.caFamily = Rules.given(caFamily, AddressFamily.ANY);
        this.paFamily = Rules.given(paFamily, AddressFamily.ANY);
    }

    /** VMs of the subscription may be on it. */
    public boolean isOpenTo(UUID subscription) {
        return subscriptionId.filter(subscription::equals).isPresent() || grantedTo.contains(subscription);
    }

    @Override
    public Kind kind() {
        return Kind.VM_NETWORK;
    }

    @Override
    public Set<UUID> references() {
        return Stream.of(Stream.of(logicalNetworkId), subscriptionId.stream(), grantedTo.stream())
                .flatMap(ids -> ids)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public VmNetwork withMeta(Meta meta) {
        return new VmNetwork(
                meta, logicalNetworkId, rdid, isolationType, subscriptionId, grantedTo, caFamily, paFamily);
    }
}
