package net.nvgate.gateway.control;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;

/** Rows that a change of policy may have changed. Marking a row too much costs one comparison. */
final class Dirty {

    record RecordRow(Tenant tenant, int ca) {}

    record Record6Row(Tenant tenant, Ipv6Address ca) {}

    record RouteRow(Tenant tenant, IpPrefix prefix) {}

    final Set<RecordRow> records = new LinkedHashSet<>();
    final Set<Record6Row> records6 = new LinkedHashSet<>();
    final Set<RouteRow> routes = new LinkedHashSet<>();
    final Set<Integer> vsids = new LinkedHashSet<>();
    final Set<UUID> connections = new LinkedHashSet<>();
    final Set<Integer> natAddresses = new LinkedHashSet<>();
    final Set<Integer> oneToOnes = new LinkedHashSet<>();
    final Set<Tenant> tenants = new LinkedHashSet<>();

    /** Stands for this in {@link Tenant#touchedBy}, so that a tenant does not keep all of it. */
    final Object token = new Object();

    /** What the gateway is to them changed: every subnet and route may read differently. */
    final Set<Tenant> gatewayChanged = new LinkedHashSet<>();

    record MacRow(int vsid, long mac) {}

    final Set<MacRow> macs = new LinkedHashSet<>();

    /** VSIDs whose DHCP settings or hosts with L2Only records may differ. */
    final Set<Integer> macSubnets = new LinkedHashSet<>();

    /** Subnets that DHCP has come to, whose records are to be found by MAC from now on. */
    final Set<Subnet> dhcpSubnets = new LinkedHashSet<>();

    final Set<NatRuleIndex.Outside> outsideRules = new LinkedHashSet<>();
    final Set<NatRuleIndex.Inside> insideRules = new LinkedHashSet<>();
    /** VLANs of tenants, by {@code TenantLinks.link}. */
    final Set<Integer> links = new LinkedHashSet<>();

    /** Every route out of their interfaces may read differently. */
    final Set<Tenant> linkTenants = new LinkedHashSet<>();

    final Set<Integer> ownAddresses = new LinkedHashSet<>();
    final Set<Ipv6Address> ownAddresses6 = new LinkedHashSet<>();
    final Set<Nptv6Index.Pair> nptv6 = new LinkedHashSet<>();
    final Set<Nat64Index.Prefix> nat64 = new LinkedHashSet<>();
    /** NICs whose limits, and addresses of NICs whose shares may read differently. */
    final Set<UUID> nics = new LinkedHashSet<>();

    final Set<NicIndex.Place> nicPlaces = new LinkedHashSet<>();
    /** Their port ACLs may read differently. */
    final Set<Tenant> acls = new LinkedHashSet<>();

    boolean provider;
    boolean external;
}
