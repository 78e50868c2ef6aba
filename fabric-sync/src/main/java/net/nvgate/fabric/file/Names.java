package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.Companions;
import net.nvgate.fabric.manager.FabricContent;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.ObjectChange;

/** The fabric as of one moment, by names: what fabric files have in place of ids. */
final class Names {

    /** What follows a VM subnet's name in the name of its pool of IPv6 addresses. */
    static final String IPV6 = "/ipv6";

    private final Map<UUID, FabricObject> objects = new HashMap<>();
    private final Map<UUID, String> keys = new HashMap<>();
    private final Map<Kind, Map<String, List<UUID>>> ids = new EnumMap<>(Kind.class);
    private final Map<Kind, List<FabricObject>> lists = new EnumMap<>(Kind.class);
    private final Set<UUID> own = new HashSet<>();
    private final Set<UUID> sameName = new HashSet<>();

    private final long revision;

    static Names of(FabricManager fabric) {
        return new Names(fabric.content());
    }

    private Names(FabricContent fabric) {
        revision = fabric.revision();
        fabric.objects().forEach((kind, list) -> {
            lists.put(kind, list);
            list.forEach(object -> objects.put(object.id(), object));
        });
        lists.forEach((kind, list) -> list.forEach(object -> {
            keys.put(object.id(), keyOf(object));
            add(kind, keyOf(object), object.id());
            if (object instanceof VmSubnet subnet) {
                own.addAll(subnet.poolIds());
            }
            if (object instanceof MacPool pool && pool.comesWithFabric() && list.size() == 1) {
                own.add(pool.id());
            }
            if (object instanceof LogicalNetwork network && network.sameNameVmNetwork()) {
                lists.getOrDefault(Kind.VM_NETWORK, List.of()).stream()
                        .filter(direct -> Companions.belongs(direct, network))
                        .forEach(this::addDirect);
            }
        }));
    }

    /** Of the fabric that these are the names of. */
    long revision() {
        return revision;
    }

    /** The same with objects that are about to be made. */
    Names with(List<ObjectChange> changes) {
        for (ObjectChange change : changes) {
            change.after().ifPresent(object -> objects.put(object.id(), object));
        }
        for (ObjectChange change : changes) {
            change.after().ifPresent(object -> keys.put(object.id(), keyOf(object)));
        }
        return this;
    }

    /** What an object that is about to be made is called. */
    void announce(UUID id, String key) {
        keys.put(id, key);
    }

    /** What the objects that a step makes are called. */
    void announce(FileStep step) {
        for (Operation operation : step.operations()) {
            if (operation instanceof Operation.Create create) {
                create.spec().meta().id().ifPresent(id -> announce(id, step.key()));
            }
        }
    }

    private void add(Kind kind, String key, UUID id) {
        ids.computeIfAbsent(kind, _ -> new HashMap<>())
                .computeIfAbsent(key, _ -> new ArrayList<>(1))
                .add(id);
    }

    static String subnet(String network, String name) {
        return network + "/" + name;
    }

    private void addDirect(FabricObject object) {
        VmNetwork direct = (VmNetwork) object;
        sameName.add(direct.id());
        boolean plain = direct.description().isEmpty()
                && Set.of(FabricFile.LABEL).containsAll(direct.meta().labels().keySet())
                && direct.subscriptionId().isEmpty()
                && direct.grantedTo().isEmpty();
        if (plain) {
            own.add(direct.id());
        }
    }

    /** What a VM subnet's own pool is called in files, where its name with the VSID cannot be known. */
    private String keyOf(IpPool pool, UUID subnetId) {
        return objects.get(subnetId) instanceof VmSubnet subnet
                ? keyOf(subnet) + (subnet.ipPoolId().equals(pool.id()) ? "" : IPV6)
                : pool.name();
    }

    private String keyOf(FabricObject object) {
        if (object instanceof IpPool pool && pool.vmSubnetId().isPresent()) {
            return isOwn(pool) ? keyOf(pool, pool.vmSubnetId().get()) : pool.name();
        }
        if (object instanceof VmSubnet subnet) {
            FabricObject network = objects.get(subnet.vmNetworkId());
            return subnet(network == null ? "" : network.name(), subnet.name());
        }
        return object.name();
    }

    Optional<FabricObject> object(UUID id) {
        return Optional.ofNullable(objects.get(id));
    }

    /** All of a kind, by name. */
    List<FabricObject> all(Kind kind) {
        return lists.getOrDefault(kind, List.of());
    }

    /** Name, of a VM subnet with its network's before it; empty for an id of no object. */
    Optional<String> key(UUID id) {
        return Optional.ofNullable(keys.get(id));
    }

    /** The object of exactly this name. */
    Optional<FabricObject> find(Kind kind, String key) {
        List<UUID> found = ids.getOrDefault(kind, Map.of()).getOrDefault(key, List.of());
        return found.size() == 1 ? Optional.ofNullable(objects.get(found.getFirst())) : Optional.empty();
    }

    private boolean isOwn(IpPool pool) {
        return pool.vmSubnetId()
                .map(objects::get)
                .filter(subnet -> Companions.belongs(pool, subnet))
                .isPresent();
    }

    /** True for the VM network that has the name of its logical network and came with it. */
    boolean isSameName(FabricObject object) {
        return sameName.contains(object.id());
    }

    /** Objects that a reference can mean. A VM subnet is also found without its network, its pool also by its own name. */
    Stream<FabricObject> meant(Kind kind, String reference) {
        return find(kind, reference)
                .map(Stream::of)
                .orElseGet(() -> kind == Kind.VM_SUBNET || kind == Kind.IP_POOL
                        ? all(kind).stream().filter(object -> object.name().equals(reference))
                        : Stream.empty());
    }

    /**
     * True for what is made without being asked for: the pool of a VM subnet, the VM network that has the name of its
     * logical network, the MAC pool of a new fabric.
     */
    boolean comesByItself(FabricObject object) {
        return own.contains(object.id());
    }

    /** A PA of a VSID that has a port on the host goes with the last one. */
    boolean goesByItself(ProviderAddress pa) {
        return all(Kind.VM).stream()
                .map(Vm.class::cast)
                .anyMatch(vm -> vm.hostId().equals(pa.hostId())
                        && vm.nics().stream().anyMatch(nic -> nic.vmSubnetId().equals(pa.vmSubnetId())));
    }
}
