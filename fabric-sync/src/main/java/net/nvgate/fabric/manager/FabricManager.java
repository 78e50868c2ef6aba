package net.nvgate.fabric.manager;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;

/**
 * The use cases of the fabric. Each change is one transaction of the store, checked against every invariant; lost races
 * are tried again. Methods block until the change is durable and visible to every later call here. Thread-safe.
 *
 * <p>Every method throws {@link FabricException} if it is refused.
 */
public final class FabricManager implements AutoCloseable {

    public static final int OPERATIONS_MAX = 10_000;

    /** The order of lists. */
    public static final Comparator<FabricObject> BY_NAME =
            Comparator.comparing(FabricObject::name).thenComparing(FabricObject::id);

    private final ModelFollower model;
    private final Commits commits;
    private final PoolMetrics pools;
    private final GatewayMetrics gateways;
    private final Origin origin;
    private final ChangeCheck check;

    /**
     * @param store outlives the manager; closed by its owner
     * @param random source of ids and of start values of allocation; must be thread-safe
     */
    public FabricManager(FabricStore store, RandomGenerator random, MeterRegistry metrics) {
        this(store, random, metrics, ModelFollower.CATCH_UP_MAX);
    }

    /**
     * Ids and start values follow from the fabric's id, the revision and what is asked for: a dry run says what the commit will do
     * also if another manager of the store makes it, or this one after a restart.
     *
     * @param store outlives the manager; closed by its owner
     */
    public FabricManager(FabricStore store, MeterRegistry metrics) {
        this(store, new PlanRandom(store.fabricId()), metrics, ModelFollower.CATCH_UP_MAX);
    }

    /** @param patience how long a change that is durable may take until it is visible here */
    FabricManager(FabricStore store, RandomGenerator random, MeterRegistry metrics, Duration patience) {
        this(store, new PlanRandom(random), metrics, patience);
    }

    private FabricManager(FabricStore store, PlanRandom random, MeterRegistry metrics, Duration patience) {
        model = new ModelFollower(store, patience);
        commits = new Commits(store, model, random, metrics);
        origin = Origin.SYSTEM;
        check = ChangeCheck.NONE;
        pools = new PoolMetrics(model, metrics);
        gateways = new GatewayMetrics(model, metrics);
        Gauge.builder("nvgate.fabric.revision", model, ModelFollower::revision)
                .strongReference(true)
                .description("Revision of the fabric model")
                .register(metrics);
        for (Kind kind : Kind.values()) {
            Gauge.builder("nvgate.fabric.objects", model, m -> count(m, kind))
                    .strongReference(true)
                    .tag("kind", kind.path())
                    .description("Objects in the fabric")
                    .register(metrics);
        }
    }

    private FabricManager(FabricManager shared, Origin origin, ChangeCheck check) {
        model = shared.model;
        commits = shared.commits;
        pools = shared.pools;
        gateways = shared.gateways;
        this.origin = origin;
        this.check = check;
    }

    /** The same manager; what is changed through it is marked as this actor's doing. Not to be closed by itself. */
    public FabricManager as(Origin origin) {
        return as(origin, ChangeCheck.NONE);
    }

    /** As {@link #as(Origin)}; what the check refuses is not made. */
    public FabricManager as(Origin origin, ChangeCheck check) {
        return new FabricManager(this, origin, check);
    }

    /** The index as it is, while nobody changes it. */
    <R> R read(Function<FabricIndex, R> reader) {
        return model.read(reader);
    }

    /** Revision of the store that answers come from. */
    public long revision() {
        return model.revision();
    }

    /** Why the store cannot be followed at present; changes wait meanwhile. */
    public Optional<String> trouble() {
        return model.trouble();
    }

    public <T extends FabricObject> T create(FabricSpec<T> spec) {
        @SuppressWarnings("unchecked") // each spec makes the object it is parameterised with
        T made = (T) run(new Operation.Create(spec));
        return made;
    }

    public FabricObject get(Kind kind, UUID id) {
        return get(kind.type(), id);
    }

    public <T extends FabricObject> T get(Class<T> type, UUID id) {
        return model.read(index -> index.existing(type, id));
    }

    /** The object, if there is one of this kind. */
    public Optional<FabricObject> find(Kind kind, UUID id) {
        return model.read(index -> index.find(id).filter(object -> object.kind() == kind));
    }

    /** The object, if there is one. */
    public Optional<FabricObject> find(UUID id) {
        return model.read(index -> index.find(id));
    }

    static FabricException notFound(Kind kind, UUID id) {
        return new FabricException(
                FabricException.Code.NOT_FOUND, kind.label(), "id", "no " + kind.label() + " has the id " + id);
    }

    /** Ids of the objects that need this one, because they name it or something of it. */
    public Set<UUID> users(UUID id) {
        return model.read(index -> Set.copyOf(index.users(id)));
    }

    /** All objects of a kind, by name; the same list again as long as none of them changes. */
    public List<FabricObject> list(Kind kind) {
        return model.sorted().list(kind);
    }

    /** Objects of a kind whose names contain a text, whatever the case, by name. */
    public List<FabricObject> containing(Kind kind, String part) {
        return model.sorted().containing(kind, part);
    }

    /**
     * The first objects of a kind that are wanted, and how many are.
     *
     * @param first how many are needed at most
     */
    public Selection.Found select(Kind kind, Selection selection, int first) {
        return model.sorted().select(kind, selection, first);
    }

    /**
     * What belongs to a subscription, by name: VMs, VM networks and what is in these, but for what the provider has put there. Peerings
     * are where their first VM network is.
     */
    public List<FabricObject> ofSubscription(Kind kind, UUID subscriptionId) {
        return model.sorted().ofSubscription(kind, subscriptionId);
    }

    /** Objects of a kind that were changed last, the last first; of one revision, by name. */
    public List<FabricObject> newest(Kind kind, int count) {
        return model.sorted().newest(kind, count);
    }

    /** Objects of a kind that need any of these objects, each once, in no order; the caller's own list. */
    public List<FabricObject> users(Kind kind, Collection<UUID> used) {
        return model.read(index -> {
            if (used.size() == 1) {
                return index.users(kind, used.iterator().next());
            }
            Set<FabricObject> found = Collections.newSetFromMap(new IdentityHashMap<>());
            used.forEach(id -> found.addAll(index.users(kind, id)));
            return new ArrayList<>(found);
        });
    }

    /** The whole fabric as of one revision. */
    public FabricContent content() {
        return model.read(FabricContent::of).sorted();
    }

    /** Objects of a kind. */
    public int count(Kind kind) {
        return count(model, kind);
    }

    private static int count(ModelFollower model, Kind kind) {
        return model.read(index -> index.all(kind).size());
    }

    /** Objects of a kind with this name: at most one, except for VM subnets. */
    public List<FabricObject> list(Kind kind, String name) {
        if (kind == Kind.VM_SUBNET) {
            return model.sorted().list(kind, name);
        }
        // Names that look the same are the same one, which the order of lists does not know.
        return model.read(index -> index.owner(UniqueKeys.name(kind, name)).flatMap(index::find).stream()
                .toList());
    }

    /**
     * What a subscription has, and may have.
     *
     * @throws FabricException NOT_FOUND
     */
    public SubscriptionUsage usage(UUID subscriptionId) {
        return model.read(index -> SubscriptionUsage.of(index, subscriptionId));
    }

    /**
     * A tenant's whole network: results are VM network, VM subnet and, if they are wanted, VM network gateway and NAT
     * connection.
     *
     * @throws FabricException if it cannot be told on which logical network, or by which gateway
     */
    public ChangeRequest newVirtualNetwork(UUID subscriptionId, VirtualNetworkSpec spec) {
        return ChangeRequest.inOrder(
                model.read(index -> new VirtualNetworks(index).create(subscriptionId, spec, commits.ids(index, spec))));
    }

    /**
     * The end of a VM network of a subscription, and of all that is of use only to it. VMs on it are refused.
     *
     * @param provider whether its provider lists and their address sets end, too; otherwise they are refused as users
     * @throws FabricException NOT_FOUND
     */
    public ChangeRequest endOfVirtualNetwork(UUID subscriptionId, UUID vmNetworkId, boolean provider) {
        return ChangeRequest.inOrder(
                model.read(index -> new VirtualNetworks(index).delete(subscriptionId, vmNetworkId, provider)));
    }

    /**
     * The addresses of an IP pool's range in order, runs of free ones as one.
     *
     * @throws FabricException NOT_FOUND
     */
    public List<PoolAddress> addresses(UUID ipPoolId) {
        return model.read(index -> PoolAddress.of(index, index.existing(IpPool.class, ipPoolId)));
    }

    /**
     * The VM networks of a gateway, and whether others could serve them. Changes wait meanwhile.
     *
     * @param max networks that are named; all are counted
     * @throws FabricException NOT_FOUND
     */
    public GatewayNetworks networks(UUID gatewayId, int max) {
        return commits.look(origin, draft -> GatewayDrain.look(draft, gatewayId, max));
    }

    /** What will be refused before long. */
    public List<FabricWarning> warnings() {
        return model.read(FabricWarning::all);
    }

    /** Brings the gauges of pools and gateways up to date. */
    public void refreshMetrics() {
        pools.refresh();
        gateways.refresh();
    }

    /** What a new fabric has: VMM's default MAC pool. */
    public void makeDefaults() {
        if (count(Kind.MAC_POOL) > 0) {
            return;
        }
        try {
            create(new PhysicalSpec.MacPoolSpec(
                    new SpecMeta(MacPool.DEFAULT_NAME, ""), MacPool.DEFAULT_FIRST, MacPool.DEFAULT_LAST, List.of()));
        } catch (FabricException e) {
            // Another manager was faster.
            if (e.code() != FabricException.Code.CONFLICT) {
                throw e;
            }
        }
    }

    /** Changes what may be changed, see {@link Patch}. */
    public FabricObject patch(Kind kind, UUID id, Patch patch) {
        return run(new Operation.Update(kind, id, patch));
    }

    /** Deletes an object that nothing needs, and frees what was allocated for it. */
    public void delete(Kind kind, UUID id) {
        run(new Operation.Delete(kind, id));
    }

    /** Live migration: the VM's addresses stay, the PA of its records becomes the new host's. */
    public Vm moveVm(UUID vmId, UUID hostId) {
        return (Vm) run(new Operation.Move(vmId, hostId));
    }

    /** A NIC with guest-specified addressing has taken a CA; a NIC that had learned it before loses it. */
    public Vm learnAddress(UUID vmId, UUID nicId, IpAddress address) {
        return (Vm) run(new Operation.Learn(vmId, nicId, address));
    }

    /** A NIC has given a learned CA up. */
    public Vm forgetAddress(UUID vmId, UUID nicId, IpAddress address) {
        return (Vm) run(new Operation.Forget(vmId, nicId, address));
    }

    /** @param mac absent = one of the MAC pool */
    public Vm changeMac(UUID vmId, UUID nicId, Optional<MacAddress> mac) {
        return (Vm) run(new Operation.ChangeMac(vmId, nicId, mac));
    }

    /** The object as the operation left it, or as it was when it was deleted. */
    public FabricObject run(Operation operation) {
        return run(ChangeRequest.of(operation)).results().getFirst();
    }

    /**
     * Operations as one transaction, in which each sees what those before it did. An object that is named by its id later
     * on gets an id of the caller's choice, see {@link SpecMeta#id}. A refusal names the operation.
     *
     * @param operations 1..{@value #OPERATIONS_MAX}
     * @param dryRun plan and check only; run again while the fabric is at the same revision, the same operations make
     *     exactly what the dry run said
     */
    public FabricChange run(List<Operation> operations, boolean dryRun) {
        ChangeRequest request = ChangeRequest.inOrder(checked(operations));
        return dryRun ? dryRun(request, change -> change) : run(request);
    }

    /** One transaction. */
    public FabricChange run(ChangeRequest request) {
        return commits.run(origin, check, request);
    }

    /** What {@link #run(ChangeRequest)} would do; no other change comes from here until {@code reader} has seen it. */
    public <R> R dryRun(ChangeRequest request, Function<FabricChange, R> reader) {
        return commits.dryRun(origin, check, request, reader);
    }

    /**
     * What several requests would do, each a transaction of its own, one after the other. Places of refused operations are
     * counted through all of them. Ids and values that are allocated by all but the first may become others.
     */
    public <R> R dryRun(List<ChangeRequest> requests, Function<FabricChange, R> reader) {
        return requests.size() == 1
                ? dryRun(requests.getFirst(), reader)
                : commits.dryRun(origin, check, requests, reader);
    }

    /** The operations of a caller, if they are neither none nor too many. */
    public static List<Operation> checked(List<Operation> operations) {
        if (operations.isEmpty() || operations.size() > OPERATIONS_MAX) {
            throw new FabricException(
                    FabricException.Code.INVALID,
                    "batch",
                    "operations",
                    "batch.operations must have 1.." + OPERATIONS_MAX + " entries, not " + operations.size());
        }
        return operations;
    }

    @Override
    public void close() {
        model.close();
    }
}
