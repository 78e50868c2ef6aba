package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import net.nvgate.mgmt.api.StrictContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants on one fabric of a real manager: contoso, whom three speak for, and fabrikam. */
abstract class TenantTestBase {

    private static final String PASSWORD = "a long first password";

    @TempDir
    static Path state;

    static StrictContract contract;
    static Manager manager;
    static ApiClient admin;
    static ApiClient contoso;
    static ApiClient reader;
    static ApiClient member;
    static Walk walk;
    /** Of the other tenant, by path of the kind. */
    static final Map<String, String> theirs = new LinkedHashMap<>();
    /** Of contoso. */
    static final Map<String, String> ours = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        contract = new StrictContract();
        Path password = Files.writeString(state.resolve("password"), PASSWORD);
        manager = Manager.start(AccessTest.config(state.resolve("state"), Optional.of(password)));
        ApiClient nobody = new ApiClient(manager.httpPort(), contract);
        admin = nobody.loggedIn("admin", PASSWORD);
        walk = new Walk(admin).physical();
        String cloud = made("clouds", "{'name':'cloud','capacity':{'vms':100}}");
        String plan =
                made("plans", "{'name':'plan','cloudId':'%s','limits':{'natRules':3,'vmNetworks':2}}".formatted(cloud));
        // Of the class before.
        theirs.clear();
        ours.clear();
        tenant("fabrikam", plan, theirs);
        tenant("contoso", plan, ours);
        contoso = as(nobody, "TENANT_OWNER");
        member = as(nobody, "TENANT_MEMBER");
        reader = as(nobody, "TENANT_READER");
    }

    private static ApiClient as(ApiClient nobody, String role) {
        String secret = admin.post("tokens", "{'name':'%s','role':'%s','tenant':'contoso'}".formatted(role, role))
                .json()
                .getString("secret");
        return nobody.with("Authorization", "Bearer " + secret);
    }

    static String made(String kind, String json) {
        ApiClient.Reply reply = admin.post(kind, json);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply.id();
    }

    static void tenant(String name, String plan, Map<String, String> ids) {
        String subscription =
                made("subscriptions", "{'name':'%s','planId':'%s','owner':'%s'}".formatted(name, plan, name));
        ids.put("subscriptions", subscription);
        JsonObject network = admin.post(
                        "subscriptions/" + subscription + "/virtual-networks",
                        "{'name':'%s','prefix':'192.168.1.0/24','gatewayId':'%s','nat':{}}"
                                .formatted(name, walk.id("gw-1")))
                .json();
        ids.put("vm-networks", network.getJsonObject("vmNetwork").getString("id"));
        ids.put("vm-subnets", network.getJsonObject("vmSubnet").getString("id"));
        ids.put("ip-pools", network.getJsonArray("ipPools").getJsonObject(0).getString("id"));
        ids.put("vm-network-gateways", network.getJsonObject("vmNetworkGateway").getString("id"));
        ids.put("nat-connections", network.getJsonObject("natConnection").getString("id"));
        ids.put(
                "nat-rules",
                made(
                        "nat-rules",
                        "{'name':'%s','natConnectionId':'%s','protocol':'TCP','externalPort':80,'internalAddress':'192.168.1.9','internalPort':80}"
                                .formatted(name, ids.get("nat-connections"))));
        ids.put(
                "vms",
                made(
                        "vms",
                        "{'name':'%s','hostId':'%s','subscriptionId':'%s','nics':[{'vmSubnetId':'%s'}]}"
                                .formatted(name, walk.id("host-1"), subscription, ids.get("vm-subnets"))));
    }

    @AfterAll
    static void stop() {
        manager.close();
        contract.close();
    }
}
