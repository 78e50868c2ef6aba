package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.alloc.AddressRanges;
import net.nvgate.fabric.alloc.AddressSpace;
import net.nvgate.fabric.alloc.MacSpace;
import net.nvgate.fabric.alloc.PrefixMap;
import net.nvgate.fabric.alloc.VsidSpace;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.BesideFabric;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.LogicalSwitch;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.PortClassification;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.UplinkPortProfile;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.UniqueKey;

/**
 * The model as of one revision, with what checks and allocation need to look at, so that a check costs what it touches.
 * Follows the store's log; nothing in it is decided here. Many readers or one writer at a time.
 */
final class FabricIndex implements ObjectLookup {

    private static final AddressRanges<UUID> NO_RANGES = new AddressRanges<>();

    private long revision;
    private final Map<UUID, FabricObject> objects = new HashMap<>();
    private final Map<Kind, Map<UUID, FabricObject>> byKind = new EnumMap<>(Kind.class);
    private final Map<UniqueKey, UUID> owners = new HashMap<>();
    private final Map<UUID, Set<UUID>> users = new HashMap<>();
    private final PrefixMap<UUID> sitePrefixes = new PrefixMap<>();
    private final Map<UUID, AddressRanges<UUID>> poolRanges = new HashMap<>();
    private final Map<UUID, AddressRanges<UUID>> domainPrefixes = new HashMap<>();
    private final AddressRanges<UUID> outsidePrefixes = new AddressRanges<>();
    private final ExternalBook external = new ExternalBook();
    private final QuotaBook quotas = new QuotaBook();
    private final Map<UUID, AddressSpace> spaces = new HashMap<>();
    private final VsidSpace vsids = new VsidSpace();
    private final MacSpace macs = new MacSpace();

    FabricIndex(StoreSnapshot snapshot) {
        snapshot.objects().forEach(this::place);
        // VM subnets before what refers to them by address (NAT rules).
        for (Kind kind : Kind.values()) {
            ofKind(kind).values().forEach(this::index);
        }
        revision = snapshot.revision();
    }

    void apply(RevisionChanges changes) {
        if (changes.revision() != revision + 1) {
            throw new IllegalStateException("revision " + changes.revision() + " follows " + revision);
        }
        change(changes.changes());
        revision = changes.revision();
    }

    /**
     * The objects as they become, at the same revision; the inverse changes undo it. All objects are in place before any
     * is indexed, and indexed while those it refers to are in place.
     */
    void change(List<ObjectChange> changes) {
        List<FabricObject> before = changes.stream()
                .flatMap(change -> change.before().stream())
                .sorted((a, b) -> b.kind().compareTo(a.kind()))
                .toList();
        List<FabricObject> after = changes.stream()
                .map(ObjectChange::after)
                .flatMap(Optional::stream)
                .sorted((a, b) -> a.kind().compareTo(b.kind()))
                .toList();
        before.forEach(this::unindex);
        before.forEach(this::displace);
        after.forEach(this::place);
        after.stream().filter(IpPool.class::isInstance).forEach(pool -> respace((IpPool) pool));
        after.forEach(this::index);
        before.stream()
                .map(FabricObject::id)
                .filter(id -> !objects.containsKey(id))
                .forEach(spaces::remove);
    }

    private void place(FabricObject object) {
        objects.put(object.id(), object);
        ofKind(object.kind()).put(object.id(), object);
        if (object instanceof IpPool pool) {
            spaces.computeIfAbsent(pool.id(), _ -> space(pool));
        }
    }

    private static AddressSpace space(IpPool pool) {
        return new AddressSpace(pool.rangeStart(), pool.rangeEnd(), excluded(pool));
    }

    private static Set<IpAddress> excluded(IpPool pool) {
        Set<IpAddress> excluded = new HashSet<>(pool.reserved());
        excluded.addAll(pool.vips());
        excluded.addAll(pool.defaultGateways());
        return excluded;
    }

    /** A pool whose range or reserved addresses changed has the uses of the objects that stay as they are. */
    private void respace(IpPool pool) {
        if (space(pool.id()).isOf(pool.rangeStart(), pool.rangeEnd(), excluded(pool))) {
            return;
        }
        AddressSpace fresh = space(pool);
        spaces.put(pool.id(), fresh);
        poolUsers(pool)
                .flatMap(user -> PoolUse.of(user, this).stream())
                .filter(use -> use.poolId().equals(pool.id()))
                .forEach(use -> fresh.use(use.address()));
    }

    private Map<UUID, FabricObject> ofKind(Kind kind) {
        return byKind.computeIfAbsent(kind, _ -> new HashMap<>());
    }

    private void displace(FabricObject object) {
        objects.remove(object.id());
        ofKind(object.kind()).remove(object.id());
    }

    private void index(FabricObject object) {
        UniqueKeys.of(object, this).forEach(key -> owners.put(key, object.id()));
        references(object)
                .forEach(id -> users.computeIfAbsent(id, _ -> new HashSet<>()).add(object.id()));
        switch (object) {
            case NetworkSite site -> site.prefixes().forEach(prefix -> sitePrefixes.add(prefix, site.id()));
            case IpPool pool -> ranges(poolRanges, poolParent(pool)).add(pool.rangeStart(), pool.rangeEnd(), pool.id());
            case VmSubnet subnet -> {
                vsids.use(subnet.vsid());
                macs.use(subnet.defaultGatewayMac());
            }
            case VmNetworkGateway gateway -> {
                gateway.nptv6Prefixes().forEach(pair -> outsidePrefixes.add(pair.outsidePrefix(), gateway.id()));
                macs.use(gateway.mac());
                macs.use(gateway.routerMac());
                if (!gateway.sharesVmSubnet()) {
                    vsids.use(gateway.vsid());
                }
            }
            case Vm vm -> vm.nics().forEach(nic -> macs.use(nic.mac()));
            case Gateway gateway -> external.own(gateway.externalAddress(), gateway.id());
            case NatConnection connection -> external.own(connection.externalAddress(), connection.id());
            case NatOneToOne one -> external.own(one.externalAddress(), one.id());
            case NatRule rule -> external.add(externalAddress(rule), rule);
            case AddressGrant grant -> {
                if (UniqueKeys.isExternal(grant, this)) {
                    external.own(grant.address(), grant.id());
                }
            }
            case MacGrant grant -> macs.use(grant.mac());
            case MacPool _ -> {}
            case HostGroup _, PortProfile _, PortClassification _, UplinkPortProfile _, LogicalSwitch _ -> {}
            case Cloud _, Plan _, Subscription _ -> {}
            case ProviderAddress _ -> {}
            case BesideFabric _ -> {}
            case LogicalNetwork _, Host _, VmNetwork _, NatExemption _, TenantInterface _, VmNetworkPeering _ -> {}
            case AddressSet _, PortAcl _ -> {}
        }
        DomainPrefix.of(object, this)
                .forEach(use -> ranges(domainPrefixes, use.vmNetworkId()).add(use.prefix(), object.id()));
        PoolUse.of(object, this).forEach(use -> space(use.poolId()).use(use.address()));
        quotas.count(object, this, 1);
    }

    private void unindex(FabricObject object) {
        quotas.count(object, this, -1);
        DomainPrefix.of(object, this)
                .forEach(use ->
                        unrange(domainPrefixes, use.vmNetworkId(), use.prefix().address()));
        switch (object) {
            case NetworkSite site -> site.prefixes().forEach(prefix -> sitePrefixes.remove(prefix, site.id()));
            case IpPool pool -> unrange(poolRanges, poolParent(pool), pool.rangeStart());
            case VmSubnet subnet -> {
                vsids.free(subnet.vsid());
                macs.free(subnet.defaultGatewayMac());
            }
            case VmNetworkGateway gateway -> {
                gateway.nptv6Prefixes()
                        .forEach(pair ->
                                outsidePrefixes.remove(pair.outsidePrefix().address()));
                macs.free(gateway.mac());
                macs.free(gateway.routerMac());
                if (!gateway.sharesVmSubnet()) {
                    vsids.free(gateway.vsid());
                }
            }
            case Vm vm -> vm.nics().forEach(nic -> macs.free(nic.mac()));
            case Gateway gateway -> external.disown(gateway.externalAddress(), gateway.id());
            case NatConnection connection -> external.disown(connection.externalAddress(), connection.id());
            case NatOneToOne one -> external.disown(one.externalAddress(), one.id());
            case NatRule rule -> external.remove(externalAddress(rule), rule);
            case AddressGrant grant -> external.disown(grant.address(), grant.id());
            case MacGrant grant -> macs.free(grant.mac());
            case MacPool _ -> {}
            case HostGroup _, PortProfile _, PortClassification _, UplinkPortProfile _, LogicalSwitch _ -> {}
            case Cloud _, Plan _, Subscription _ -> {}
            case ProviderAddress _ -> {}
            case BesideFabric _ -> {}
            case LogicalNetwork _, Host _, VmNetwork _, NatExemption _, TenantInterface _, VmNetworkPeering _ -> {}
            case AddressSet _, PortAcl _ -> {}
        }
        PoolUse.of(object, this).stream()
                .filter(use -> external.owners(use.address()).isEmpty() || !(object instanceof NatConnection))
                .forEach(use -> space(use.poolId()).free(use.address()));
        references(object)
                .forEach(id -> users.computeIfPresent(id, (_, set) -> {
                    set.remove(object.id());
                    return set.isEmpty() ? null : set;
                }));
        UniqueKeys.of(object, this).forEach(owners::remove);
    }

    private Set<UUID> references(FabricObject object) {
        return References.of(object, this, this);
    }

    private IpAddress externalAddress(NatRule rule) {
        return get(NatConnection.class, rule.natConnectionId()).externalAddress();
    }

    private static UUID poolParent(IpPool pool) {
        return pool.networkSiteId().or(pool::vmSubnetId).orElseThrow();
    }

    private static AddressRanges<UUID> ranges(Map<UUID, AddressRanges<UUID>> map, UUID id) {
        return map.computeIfAbsent(id, _ -> new AddressRanges<>());
    }

    private static void unrange(Map<UUID, AddressRanges<UUID>> map, UUID id, IpAddress start) {
        map.computeIfPresent(id, (_, ranges) -> {
            ranges.remove(start);
            return ranges.isEmpty() ? null : ranges;
        });
    }

    long revision() {
        return revision;
    }

    @Override
    public Optional<FabricObject> find(UUID id) {
        return Optional.ofNullable(objects.get(id));
    }

    Collection<FabricObject> all(Kind kind) {
        return Collections.unmodifiableCollection(
                byKind.getOrDefault(kind, Map.of()).values());
    }

    Optional<UUID> owner(UniqueKey key) {
        return Optional.ofNullable(owners.get(key));
    }

    /** Ids of the objects that need this one. */
    @Override
    public Set<UUID> users(UUID id) {
        return Collections.unmodifiableSet(users.getOrDefault(id, Set.of()));
    }

    /** Objects of a kind that need this one, in no order. */
    List<FabricObject> users(Kind kind, UUID id) {
        List<FabricObject> found = new ArrayList<>();
        Map<UUID, FabricObject> ofKind = byKind.getOrDefault(kind, Map.of());
        for (UUID user : users.getOrDefault(id, Set.of())) {
            FabricObject object = ofKind.get(user);
            if (object != null) {
                found.add(object);
            }
        }
        return found;
    }

    /** Sites that have a subnet overlapping this one. */
    Stream<UUID> sitesOverlapping(IpPrefix prefix) {
        return sitePrefixes.overlapping(prefix);
    }

    /** Another pool of the same site or VM subnet that overlaps this one. */
    Optional<UUID> poolOverlapping(IpPool pool) {
        return poolRanges
                .getOrDefault(poolParent(pool), NO_RANGES)
                .overlappingOther(pool.rangeStart(), pool.rangeEnd(), pool.id());
    }

    /** Objects that can have addresses of the pool, by its id or by that of its VM subnet. */
    Stream<FabricObject> poolUsers(IpPool pool) {
        return Stream.concat(Stream.of(pool.id()), pool.vmSubnetId().stream())
                .flatMap(id -> users(id).stream())
                .distinct()
                .map(objects::get);
    }

    /** Another object of the VM network with a prefix that overlaps this one, see {@link DomainPrefix}. */
    Optional<UUID> domainOverlapping(UUID vmNetworkId, IpPrefix prefix, UUID self) {
        return domain(vmNetworkId).overlappingOther(prefix, self);
    }

    /** Another VM network gateway with an outside prefix (RFC 6296) that overlaps this one. */
    Optional<UUID> outsideOverlapping(IpPrefix prefix, UUID self) {
        return outsidePrefixes.overlappingOther(prefix, self);
    }

    QuotaBook quotas() {
        return quotas;
    }

    ExternalBook external() {
        return external;
    }

    @Override
    public Optional<ProviderAddress> providerAddress(UUID hostId, UUID vmSubnetId) {
        return owner(UniqueKeys.providerAddressOf(hostId, vmSubnetId))
                .flatMap(this::find)
                .map(ProviderAddress.class::cast);
    }

    /** The gateway of a VM network. */
    Optional<VmNetworkGateway> gatewayOf(UUID vmNetworkId) {
        return owner(UniqueKeys.gatewayOf(vmNetworkId)).flatMap(this::find).map(VmNetworkGateway.class::cast);
    }

    /** The VM subnet of the network that holds the address. */
    Optional<VmSubnet> subnetHolding(UUID vmNetworkId, IpAddress address) {
        return domain(vmNetworkId).holding(address).flatMap(id -> find(VmSubnet.class, id));
    }

    /** Every exemption from NAT, in no order. */
    Stream<NatExemption> exemptions() {
        return ofKind(Kind.NAT_EXEMPTION).values().stream().map(NatExemption.class::cast);
    }

    /** The tenant interface of a VM network gateway that has a subnet with an address; asked of what is in place, indexed or not. */
    Optional<TenantInterface> interfaceHolding(UUID vmNetworkGatewayId, IpAddress address) {
        return ofKind(Kind.TENANT_INTERFACE).values().stream()
                .map(TenantInterface.class::cast)
                .filter(tenant -> tenant.vmNetworkGatewayId().equals(vmNetworkGatewayId)
                        && tenant.subnets().stream().anyMatch(subnet -> subnet.contains(address)))
                .findFirst();
    }

    private AddressRanges<UUID> domain(UUID vmNetworkId) {
        return domainPrefixes.getOrDefault(vmNetworkId, NO_RANGES);
    }

    AddressSpace space(UUID poolId) {
        AddressSpace space = spaces.get(poolId);
        if (space == null) {
            throw new IllegalStateException("no pool with id " + poolId);
        }
        return space;
    }

    VsidSpace vsids() {
        return vsids;
    }

    MacSpace macs() {
        return macs;
    }
}
