package net.nvgate.gateway.control;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.acl.AclRuleName;
import net.nvgate.gateway.acl.TenantAcl;
import net.nvgate.gateway.route.Lookup6Row;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidRow;
import net.nvgate.gateway.trace.TraceNames;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Names of what the gateway's policy has. */
final class PolicyTraceNames implements TraceNames {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ROUTES_MAX = 10_000;

    private final TablePolicy policy;
    private final RouteTables tables;

    PolicyTraceNames(TablePolicy policy, RouteTables tables) {
        this.policy = policy;
        this.tables = tables;
    }

    @Override
    public String network(int domain) {
        return policy.tenant(domain)
                .map(tenant -> tenant.vmNetwork().isEmpty() ? tenant.rdid().toString() : tenant.vmNetwork())
                .orElse("");
    }

    @Override
    public int domain(int vsid) {
        VsidRow row = tables.vsids.row(vsid);
        return row == null ? 0 : row.rdid();
    }

    @Override
    public String subnet(int vsid) {
        return policy.vsidNames().stream()
                .filter(name -> name.vsid() == vsid)
                .map(TablePolicy.VsidName::subnet)
                .findFirst()
                .orElse("");
    }

    @Override
    public Optional<Host> host(int domain, IpAddress address) {
        synchronized (policy) {
            return switch (address) {
                case Ipv4Address v4 -> {
                    LookupRow row = tables.records.row(domain, v4.value());
                    yield row == null ? Optional.empty() : Optional.of(host(row.vsid(), row.pa(), address));
                }
                case Ipv6Address v6 -> {
                    Lookup6Row row = tables.records6.row(domain, v6);
                    yield row == null ? Optional.empty() : Optional.of(host(row.vsid(), row.pa(), address));
                }
            };
        }
    }

    private Host host(int vsid, int pa, IpAddress address) {
        String vm = policy.record(vsid, address).map(record -> record.vmName()).orElse("");
        return new Host(vm, vsid, providerAddress(pa));
    }

    @Override
    public Optional<String> route(int domain, IpAddress destination) {
        Optional<TablePolicy.TenantName> tenant = policy.tenant(domain);
        if (tenant.isEmpty()) {
            return Optional.empty();
        }
        QueryResult rows = policy.query(
                "customer-routes", Map.of("rdid", tenant.get().rdid().toString()), ROUTES_MAX);
        return JSON.readTree(rows.json())
                .valueStream()
                .filter(row -> IpPrefix.parse(row.path("destinationPrefix").asString(""))
                        .contains(destination))
                .max(Comparator.comparingInt(row -> length(row)))
                .map(row -> row.path("destinationPrefix").asString("") + " by "
                        + row.path("nextHop").asString("a tenant interface"));
    }

    private static int length(JsonNode row) {
        return IpPrefix.parse(row.path("destinationPrefix").asString("")).length();
    }

    @Override
    public Optional<String> natRule(IpAddress external, int port, int protocol) {
        return external instanceof Ipv4Address address
                ? policy.natRuleAt(address.value(), protocol, port)
                        .map(part -> part.rule().id().toString())
                : Optional.empty();
    }

    @Override
    public Optional<AclRuleName> aclRule(int domain, boolean inbound, int list, int rule) {
        TenantAcl lists = tables.acls.of(domain);
        AclDirection direction = inbound ? AclDirection.INBOUND : AclDirection.OUTBOUND;
        try {
            return Optional.ofNullable(lists).map(known -> known.name(direction, list, rule));
        } catch (IndexOutOfBoundsException e) {
            // The lists have changed since.
            return Optional.empty();
        }
    }

    @Override
    public IpAddress providerAddress(int value) {
        return ProviderAddresses6.isHandle(value) ? tables.providerAddresses6.address(value) : new Ipv4Address(value);
    }
}
