package net.nvgate.fabric.manager;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Labels;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;

/**
 * What is made with another object without being asked for: the pools of a VM subnet and the VM network that has the name
 * of its logical network, which also go with it; and the VM subnet of {@code autoCreateSubnet}, which is as good as any
 * other. Their ids follow from that of the other object, so that a request in the same batch can name them.
 */
public final class Companions {

    /** What a companion is to the other object. */
    public enum Role {
        POOL,
        POOL6,
        SAME_NAME_VM_NETWORK,
        AUTO_SUBNET
    }

    private Companions() {}

    /** Id of what is made with an object, unless another object has it already. */
    public static UUID id(UUID owner, Role role) {
        return UUID.nameUUIDFromBytes((owner + "/" + role).getBytes(StandardCharsets.UTF_8));
    }

    static UUID id(Draft draft, UUID owner, Role role) {
        UUID id = id(owner, role);
        return draft.find(id).isPresent() ? draft.newId() : id;
    }

    /** The label of the file that makes an object, for what is made with it. */
    static Map<String, String> labels(Map<String, String> ofOwner) {
        return Optional.ofNullable(ofOwner.get(Labels.APPLIED_BY))
                .map(file -> Map.of(Labels.APPLIED_BY, file))
                .orElse(Map.of());
    }

    /** Whether an object came with another one, and goes and comes back with it. */
    public static boolean belongs(FabricObject companion, FabricObject owner) {
        return switch (owner) {
            case VmSubnet subnet ->
                companion instanceof IpPool pool && subnet.poolIds().contains(pool.id());
            case LogicalNetwork network ->
                companion instanceof VmNetwork direct
                        && network.sameNameVmNetwork()
                        && direct.logicalNetworkId().equals(network.id())
                        && direct.isolationType() == VmNetwork.IsolationType.NO_ISOLATION
                        && direct.name().equals(network.name());
            default -> false;
        };
    }

    /** What goes with an object. A VM network that tenants have or share is no longer only its logical network's. */
    static List<FabricObject> going(Draft draft, FabricObject owner) {
        Stream<UUID> candidates =
                owner instanceof VmSubnet subnet ? subnet.poolIds().stream() : draft.index().users(owner.id()).stream();
        return candidates
                .flatMap(id -> draft.find(id).stream())
                .filter(object -> belongs(object, owner))
                .filter(object -> !(object instanceof VmNetwork direct)
                        || (direct.subscriptionId().isEmpty()
                                && direct.grantedTo().isEmpty()))
                .toList();
    }

    /** The VM network of a logical network's name is called as that is called. */
    static void rename(Draft draft, FabricObject before, FabricObject after) {
        if (!(before instanceof LogicalNetwork) || before.name().equals(after.name())) {
            return;
        }
        draft.index().users(before.id()).stream()
                .flatMap(id -> draft.find(id).stream())
                .filter(object -> belongs(object, before))
                .toList()
                .forEach(object -> draft.put(object.withMeta(
                        object.meta().renamed(after.name(), object.meta().description()))));
    }
}
