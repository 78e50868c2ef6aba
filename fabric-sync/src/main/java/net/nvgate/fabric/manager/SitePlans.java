package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.FabricSpec.LogicalNetworkSpec;
import net.nvgate.fabric.manager.FabricSpec.NetworkSiteSpec;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.UplinkPortProfile;
import net.nvgate.fabric.model.Vm;

/** Rules of logical networks and their sites. What policy follows from does not change under who uses it. */
final class SitePlans {

    /** Guard of a logical network: shared by who makes a site or VM network of it. */
    static final String NETWORK = "logical-network";

    /** Guard of a site: shared by who makes an uplink port profile for it. */
    static final String SITE = "network-site";

    private SitePlans() {}

    static LogicalNetwork logicalNetwork(Draft draft, LogicalNetworkSpec spec) {
        LogicalNetwork network = draft.put(new LogicalNetwork(
                draft.meta(spec),
                spec.networkVirtualization().orElse(false),
                spec.mode().orElse(LogicalNetwork.Mode.ONE_CONNECTED),
                spec.sameNameVmNetwork().orElse(false),
                spec.providerAddressing().orElse(LogicalNetwork.ProviderAddressing.PER_HOST)));
        if (network.sameNameVmNetwork()) {
            VmNetworkPlans.direct(draft, network);
        }
        return network;
    }

    static NetworkSite networkSite(Draft draft, NetworkSiteSpec spec) {
        Kind kind = Kind.NETWORK_SITE;
        LogicalNetwork network = draft.named(LogicalNetwork.class, spec.logicalNetworkId(), kind, "logicalNetworkId");
        draft.share(NETWORK, network.id());
        List<NetworkSite.Subnet> subnets = spec.subnets().stream()
                .map(subnet ->
                        new NetworkSite.Subnet(subnet.prefix(), subnet.vlanId().orElse(0), subnet.secondaryVlanId()))
                .toList();
        checkSubnets(network, subnets);
        Meta meta = draft.meta(spec);
        NetworkSite site = new NetworkSite(
                meta.name().isEmpty() ? meta.renamed(siteName(draft, network), meta.description()) : meta,
                network.id(),
                subnets,
                spec.mtu().orElse(NetworkSite.MTU_DEFAULT),
                spec.hostGroupIds());
        for (UUID group : site.hostGroupIds()) {
            draft.named(HostGroup.class, group, kind, "hostGroupIds");
        }
        HostGroups.checkDisjoint(draft, site);
        return draft.put(site);
    }

    private static void checkSubnets(LogicalNetwork network, List<NetworkSite.Subnet> subnets) {
        Kind kind = Kind.NETWORK_SITE;
        if (network.networkVirtualization()
                && subnets.stream().allMatch(subnet -> subnet.prefix().isEmpty())) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "subnets",
                    subnets,
                    "must have one prefix at least in a network with virtualization");
        }
        boolean isPrivate = network.mode() == LogicalNetwork.Mode.PVLAN;
        for (NetworkSite.Subnet subnet : subnets) {
            if (subnet.secondaryVlanId().isPresent() != isPrivate) {
                throw Draft.refusal(
                        INVALID,
                        kind,
                        "subnets.secondaryVlanId",
                        subnet.secondaryVlanId().map(Object::toString).orElse("absent"),
                        "comes with logical-networks of mode PVLAN, and only there");
            }
        }
    }

    /** NAME_0, NAME_1... as VMM names the sites of a logical network. */
    private static String siteName(Draft draft, LogicalNetwork network) {
        for (int i = 0; ; i++) {
            String suffix = "_" + i;
            int room = Rules.NAME_LENGTH_MAX - suffix.length();
            String name = network.name()
                            .substring(0, Math.min(network.name().length(), room))
                            .strip()
                    + suffix;
            if (draft.index().owner(UniqueKeys.name(Kind.NETWORK_SITE, name)).isEmpty()) {
                return name;
            }
        }
    }

    /** What a logical network is can be changed until there is something of it; clouds only name it. */
    static void check(Draft draft, LogicalNetwork network) {
        draft.guard(NETWORK, network.id());
        Set<UUID> users = draft.users(network.id()).stream()
                .filter(id ->
                        draft.find(id).filter(user -> user.kind() != Kind.CLOUD).isPresent())
                .collect(Collectors.toSet());
        if (!users.isEmpty()) {
            throw Plans.inUse(draft, network, users);
        }
    }

    /** Subnets with pools stay as they are, hosts with PAs of the site stay served, and VMs keep their MTU. */
    static void check(Draft draft, NetworkSite before, NetworkSite site) {
        passGuards(draft, site);
        List<IpPool> pools = draft.users(IpPool.class, site.id()).toList();
        if (!site.subnets().equals(before.subnets())) {
            checkSubnets(draft.get(LogicalNetwork.class, site.logicalNetworkId()), site.subnets());
            refuseUsed(
                    draft,
                    site,
                    pools.stream()
                            .filter(pool -> !pool.multicast()
                                    && !site.subnet(pool.prefix()).equals(before.subnet(pool.prefix()))));
        }
        if (site.mtu() != before.mtu()) {
            refuseUsed(draft, site, hosts(draft, site).flatMap(host -> draft.users(Vm.class, host.id())));
            checkMtu(draft, site, pools);
        }
        for (UUID group : site.hostGroupIds()) {
            draft.named(HostGroup.class, group, Kind.NETWORK_SITE, "hostGroupIds");
        }
        HostGroups.checkDisjoint(draft, site);
        if (!site.hostGroupIds().equals(before.hostGroupIds())) {
            checkScope(draft, site);
        }
    }

    /** Who comes to the site's pools or hosts meanwhile, or leaves a host group, has to look again. */
    private static void passGuards(Draft draft, NetworkSite site) {
        draft.guard(SITE, site.id());
        draft.guard("pool-ranges", site.id());
        draft.users(IpPool.class, site.id()).forEach(pool -> draft.guard(UseGuards.POOL, pool.id()));
        hosts(draft, site).forEach(host -> draft.guard(UseGuards.HOST, host.id()));
    }

    private static Stream<Host> hosts(Draft draft, NetworkSite site) {
        return draft.users(IpPool.class, site.id()).flatMap(pool -> draft.users(Host.class, pool.id()));
    }

    private static void refuseUsed(Draft draft, NetworkSite site, Stream<? extends FabricObject> users) {
        Set<UUID> ids = users.map(FabricObject::id).collect(Collectors.toSet());
        if (!ids.isEmpty()) {
            throw Plans.inUse(draft, site, ids);
        }
    }

    private static void checkMtu(Draft draft, NetworkSite site, List<IpPool> pools) {
        boolean narrow = site.vmMtu(128) < NetworkSite.VM_MTU_MIN;
        boolean ipv6 = pools.stream()
                .filter(pool -> pool.prefix().address().bits() == 128)
                .flatMap(pool ->
                        Stream.concat(draft.users(Host.class, pool.id()), draft.users(Gateway.class, pool.id())))
                .findAny()
                .isPresent();
        if (narrow && ipv6) {
            throw Draft.refusal(
                    INVALID,
                    Kind.NETWORK_SITE,
                    "mtu",
                    site.mtu(),
                    "must leave " + NetworkSite.VM_MTU_MIN + " bytes to inner packets between IPv6 provider addresses");
        }
    }

    private static void checkScope(Draft draft, NetworkSite site) {
        draft.put(site);
        HostGroups.look(draft);
        Set<Host> unserved = new HashSet<>();
        hosts(draft, site)
                .filter(host -> !HostGroups.covers(draft, site.hostGroupIds(), host.hostGroupId()))
                .forEach(unserved::add);
        refuseUsed(draft, site, unserved.stream());
        draft.users(UplinkPortProfile.class, site.id()).forEach(profile -> {
            PortPlans.checkScopes(draft, profile);
            HostSwitches.checkUsers(draft, profile);
        });
    }
}
