package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import net.nvgate.mgmt.ApiClient.Reply;
import org.junit.jupiter.api.Test;

/** PAs per host and VSID, learned addresses and changes of a MAC, over HTTP. */
class NicsTest extends ManagerTestBase {

    private static JsonArray items(String kind) {
        return api.get(API + kind).json().getJsonArray("items");
    }

    private static JsonObject nic(Reply vm) {
        assertThat(vm.status()).as(vm.body()).isEqualTo(200);
        return vm.json().getJsonArray("nics").getJsonObject(0);
    }

    @Test
    void aGuestClusterOnHostsWithAPaPerVsid() {
        String network = api.create("logical-networks", """
                        {'name':'2012','networkVirtualization':true,'providerAddressing':'PER_HOST_AND_VSID'}""").getString("id");
        String site = api.create(
                        "network-sites",
                        "{'name':'s','logicalNetworkId':'%s','subnets':[{'prefix':'10.10.10.0/24'}]}"
                                .formatted(network))
                .getString("id");
        String pool = api.create(
                        "ip-pools", "{'name':'p','networkSiteId':'%s','prefix':'10.10.10.0/24'}".formatted(site))
                .getString("id");
        String host = api.create("hosts", "{'name':'h','hostType':'LINUX_OVS','paPoolId':'%s'}".formatted(pool))
                .getString("id");
        String tenant = api.create("vm-networks", "{'name':'t','logicalNetworkId':'%s'}".formatted(network))
                .getString("id");
        String subnet = api.create(
                        "vm-subnets", "{'name':'w','vmNetworkId':'%s','prefix':'192.168.1.0/24'}".formatted(tenant))
                .getString("id");
        String guests = guests();

        String one = vm("one", host, subnet, guests);
        String two = vm("two", host, subnet, guests);
        assertThat(items("provider-addresses")).hasSize(1);
        JsonObject pa = items("provider-addresses").getJsonObject(0);
        assertThat(pa.getString("hostId")).isEqualTo(host);
        assertThat(pa.getString("name")).isEqualTo(pa.getString("providerAddress"));
        api.delete(API + "provider-addresses/" + pa.getString("id")).problem(409, "in-use");

        String address = "{'address':'192.168.1.77'}";
        assertThat(nic(api.post(nics(one) + "/learned-addresses", address)).getJsonArray("learnedAddresses"))
                .containsExactly("192.168.1.77");
        Reply tried = api.post(nics(two) + "/learned-addresses?dryRun=true", address);
        assertThat(tried.json().getJsonArray("policy")).hasSize(1);
        api.post(nics(two) + "/learned-addresses", address);
        assertThat(nic(api.get(API + "vms/" + one)).getJsonArray("learnedAddresses"))
                .isEmpty();
        api.post(nics(two) + "/learned-addresses", "{'address':'192.168.2.77'}").problem(400, "invalid-value");
        assertThat(nic(api.delete(API + nics(two) + "/learned-addresses/192.168.1.77"))
                        .getJsonArray("learnedAddresses"))
                .isEmpty();
        api.delete(API + nics(two) + "/learned-addresses/192.168.1").problem(400, "invalid-value");

        assertThat(nic(api.post(nics(one) + "/mac", "{'mac':'02:00:00:00:00:07'}"))
                        .getString("mac"))
                .isEqualTo("02:00:00:00:00:07");
        api.post(nics(two) + "/mac", "{'mac':'02:00:00:00:00:07'}").problem(409, "conflict");
        api.post("vms/" + one + "/nics/" + host + "/mac", "{}").problem(404, "not-found");

        assertThat(api.delete(API + "vms/" + one).status()).isEqualTo(204);
        assertThat(items("provider-addresses")).hasSize(1);
        assertThat(api.delete(API + "vms/" + two).status()).isEqualTo(204);
        assertThat(items("provider-addresses")).isEmpty();
    }

    private static String guests() {
        String profile = api.create("port-profiles", "{'name':'g','security':{'guestSpecifiedIp':true}}")
                .getString("id");
        String classification =
                api.create("port-classifications", "{'name':'g'}").getString("id");
        String uplink = api.create("uplink-port-profiles", "{'name':'u'}").getString("id");
        api.create("logical-switches", """
                {'name':'s','uplinkPortProfileIds':['%s'],'virtualPorts':[{'portClassificationId':'%s','portProfileId':'%s'}]}""".formatted(uplink, classification, profile));
        return classification;
    }

    private static String vm(String name, String host, String subnet, String classification) {
        return api.create("vms", """
                        {'name':'%s','hostId':'%s','nics':[{'vmSubnetId':'%s','addressing':'GUEST_SPECIFIED','portClassificationId':'%s'}]}""".formatted(name, host, subnet, classification))
                .getString("id");
    }

    /** Path of a VM's only NIC, below the API's root. */
    private static String nics(String vm) {
        return "vms/" + vm + "/nics/" + nic(api.get(API + "vms/" + vm)).getString("id");
    }
}
