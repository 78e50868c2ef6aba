package net.nvgate.mgmt;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The way an administrator goes, from the logical network to the NAT rule. Every object by a short name. */
final class Walk {

    private final Map<String, JsonObject> objects = new LinkedHashMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final ApiClient api;

    Walk(ApiClient api) {
        this.api = api;
    }

    /** All short names, in the order of creation. */
    List<String> names() {
        return List.copyOf(objects.keySet());
    }

    /** The object as it was created. */
    JsonObject object(String name) {
        return Objects.requireNonNull(objects.get(name), name);
    }

    String id(String name) {
        return object(name).getString("id");
    }

    /** Path of the object. */
    String path(String name) {
        return Objects.requireNonNull(paths.get(name), name) + "/" + id(name);
    }

    private void make(String name, String kind, String json) {
        objects.put(name, api.create(kind, json));
        paths.put(name, ApiClient.API + kind);
    }

    /** Physical side: two networks, their sites and pools, two hosts, one gateway. */
    Walk physical() {
        make("provider", "logical-networks", "{'name':'provider','networkVirtualization':true}");
        make("internet", "logical-networks", "{'name':'internet','description':'to the router'}");
        make("pa-site", "network-sites", """
                {'name':'pa-site','logicalNetworkId':'%s','subnets':[{'prefix':'10.10.10.0/24'}]}""".formatted(id("provider")));
        make("ext-site", "network-sites", """
                {'name':'ext-site','logicalNetworkId':'%s','subnets':[{'prefix':'203.0.113.0/24','vlanId':7}]}""".formatted(id("internet")));
        make("pa-pool", "ip-pools", """
                {'name':'pa-pool','networkSiteId':'%s','prefix':'10.10.10.0/24','rangeStart':'10.10.10.10',
                 'rangeEnd':'10.10.10.19','reserved':['10.10.10.15'],'dnsServers':['10.10.10.2']}""".formatted(id("pa-site")));
        make("ext-pool", "ip-pools", """
                {'name':'ext-pool','networkSiteId':'%s','prefix':'203.0.113.0/24','rangeStart':'203.0.113.10',
                 'rangeEnd':'203.0.113.12','defaultGateways':['203.0.113.1']}""".formatted(id("ext-site")));
        for (String host : new String[] {"host-1", "host-2"}) {
            make(host, "hosts", "{'name':'%s','hostType':'LINUX_OVS','paPoolId':'%s'}".formatted(host, id("pa-pool")));
        }
        make(
                "gw-1",
                "gateways",
                "{'name':'gw-1','paPoolId':'%s','externalPoolId':'%s'}".formatted(id("pa-pool"), id("ext-pool")));
        return this;
    }

    /** What hosts and tenants are offered: a logical switch with its profiles, a cloud, a plan and a subscription to it. */
    Walk offer() {
        make(
                "fast-profile",
                "port-profiles",
                "{'name':'fast','security':{'dhcpGuard':true},'bandwidth':{'maximumMbps':1000}}");
        make("fast", "port-classifications", "{'name':'fast'}");
        make("uplink", "uplink-port-profiles", """
                {'name':'uplink','networkSiteIds':['%s'],'networkVirtualization':true}""".formatted(id("pa-site")));
        make("switch", "logical-switches", """
                {'name':'switch','uplinkPortProfileIds':['%s'],
                 'virtualPorts':[{'portClassificationId':'%s','portProfileId':'%s'}]}""".formatted(id("uplink"), id("fast"), id("fast-profile")));
        make("cloud", "clouds", """
                {'name':'cloud','logicalNetworkIds':['%s'],'capacity':{'vms':10}}""".formatted(id("provider")));
        make("bronze", "plans", """
                {'name':'bronze','cloudId':'%s','limits':{'vmNetworks':2,'natRules':1}}""".formatted(id("cloud")));
        make("tenant", "subscriptions", """
                {'name':'tenant','planId':'%s','owner':'admin@tenant.example'}""".formatted(id("bronze")));
        return this;
    }

    /** A tenant: VM network, subnet, gateway, VM, NAT connection and rule. */
    Walk tenant(String tenant) {
        make(tenant, "vm-networks", "{'name':'%s','logicalNetworkId':'%s'}".formatted(tenant, id("provider")));
        make(
                tenant + "-web",
                "vm-subnets",
                "{'name':'web','vmNetworkId':'%s','prefix':'192.168.1.0/24'}".formatted(id(tenant)));
        make(
                tenant + "-gw",
                "vm-network-gateways",
                "{'name':'%s-gw','vmNetworkId':'%s','gatewayId':'%s'}".formatted(tenant, id(tenant), id("gw-1")));
        make(tenant + "-vm", "vms", """
                {'name':'%s-vm','hostId':'%s','nics':[{'vmSubnetId':'%s','address':'192.168.1.3'}]}""".formatted(tenant, id("host-1"), id(tenant + "-web")));
        make(
                tenant + "-nat",
                "nat-connections",
                "{'name':'%s-nat','vmNetworkGatewayId':'%s'}".formatted(tenant, id(tenant + "-gw")));
        make(tenant + "-http", "nat-rules", """
                {'name':'%s-http','natConnectionId':'%s','protocol':'TCP','externalPort':80,
                 'internalAddress':'192.168.1.3','internalPort':8080}""".formatted(tenant, id(tenant + "-nat")));
        return this;
    }
}
