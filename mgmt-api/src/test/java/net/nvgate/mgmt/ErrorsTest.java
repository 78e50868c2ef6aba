package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import net.nvgate.mgmt.ApiClient.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error of the contract that a client can provoke. */
class ErrorsTest extends ManagerTestBase {

    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private static Walk walk;

    @BeforeAll
    static void fill() {
        walk = new Walk(api).physical().tenant("contoso");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "logical-networks | {'name':'x'              | malformed-json      |",
                "logical-networks | {'name':'x','vlan':1}    | unknown-field       | vlan",
                "logical-networks | {}                       | missing-field       | name",
                "logical-networks | {'name':1}               | wrong-type          | name",
                "logical-networks | {'name':' x'}            | invalid-value       | name",
                "network-sites    | {'name':'x','logicalNetworkId':'NOBODY'} | reference-not-found | logicalNetworkId",
                "vm-networks      | {'name':'x','logicalNetworkId':'INTERNET'} | invalid-value | logicalNetworkId",
                "vm-subnets       | {'name':'x','vmNetworkId':'VMN','prefix':'192.168.7.1/24'} | invalid-value | prefix",
                "vm-subnets       | {'name':'x','vmNetworkId':'VMN','prefix':'nonsense'} | invalid-value | prefix",
            })
    void badBodies(String kind, String body, String code, String field) {
        String json = body.replace("NOBODY", NOBODY)
                .replace("INTERNET", walk.id("internet"))
                .replace("VMN", walk.id("contoso"));
        JsonObject problem = api.post(kind, json).problem(400, code);
        assertThat(problem.getString("field")).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "logical-networks | {'name':'provider'} | name-taken",
                "vm-subnets | {'name':'db','vmNetworkId':'VMN','prefix':'192.168.0.0/16'} | conflict",
                "vm-subnets | {'name':'db','vmNetworkId':'VMN','prefix':'192.168.2.0/24','vsid':VSID} | conflict",
                "vm-subnets | {'name':'db','vmNetworkId':'VMN','prefix':'10.254.254.0/24'} | conflict",
                "vms | {'name':'b','hostId':'HOST','nics':[{'vmSubnetId':'SUB','address':'192.168.1.3'}]} | conflict",
                "nat-rules | {'name':'b','natConnectionId':'NAT','protocol':'TCP','externalPort':80,'internalAddress':'192.168.1.4','internalPort':1} | conflict",
                "vm-network-gateways | {'name':'b','vmNetworkId':'VMN','gatewayId':'GW'} | conflict",
            })
    void conflicts(String kind, String body, String code) {
        String json = body.replace("VMN", walk.id("contoso"))
                .replace("VSID", walk.object("contoso-web").getInteger("vsid").toString())
                .replace("HOST", walk.id("host-1"))
                .replace("SUB", walk.id("contoso-web"))
                .replace("NAT", walk.id("contoso-nat"))
                .replace("GW", walk.id("gw-1"));
        api.post(kind, json).problem(409, code);
    }

    @Test
    void exhaustedPoolAndLimitOfAGateway() {
        api.create("ip-pools", """
                {'name':'tiny','networkSiteId':'%s','prefix':'203.0.113.0/24','rangeStart':'203.0.113.200',
                 'rangeEnd':'203.0.113.200'}""".formatted(walk.id("ext-site")));
        String tiny = api.get(API + "ip-pools?name=tiny")
                .json()
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("id");
        String gateway = "{'name':'%s','paPoolId':'%s','externalPoolId':'%s','maxVmNetworks':1}";
        JsonObject small = api.create("gateways", gateway.formatted("gw-2", walk.id("pa-pool"), tiny));

        api.post("gateways", gateway.formatted("gw-3", walk.id("pa-pool"), tiny))
                .problem(409, "exhausted");

        String network = "{'name':'%s','logicalNetworkId':'%s'}";
        String connect = "{'name':'%s','vmNetworkId':'%s','gatewayId':'%s'}";
        JsonObject first = api.create("vm-networks", network.formatted("one", walk.id("provider")));
        JsonObject second = api.create("vm-networks", network.formatted("two", walk.id("provider")));
        api.create("vm-network-gateways", connect.formatted("one-gw", first.getString("id"), small.getString("id")));
        api.post("vm-network-gateways", connect.formatted("two-gw", second.getString("id"), small.getString("id")))
                .problem(409, "limit-reached");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/vms?limit=0,invalid-value,limit",
        "/api/v1/vms?limit=1001,invalid-value,limit",
        "/api/v1/vms?limit=x,wrong-type,limit",
        "/api/v1/vms?limit=,wrong-type,limit",
        "/api/v1/vms?limit=1e400,invalid-value,limit",
        "/api/v1/vms?limit=99999999999999999999,invalid-value,limit",
        "/api/v1/vms?offset=-1,invalid-value,offset",
        "/api/v1/vms?colour=red,unknown-parameter,colour",
        "/api/v1/vms?name=a&name=b,invalid-value,name",
        "/api/v1/vms/5,invalid-value,id",
        "/api/v1/vms/urn:uuid:00000000-0000-0000-0000-000000000000,invalid-value,id",
    })
    void badParameters(String path, String code, String field) {
        assertThat(api.get(path).problem(400, code).getString("field")).isEqualTo(field);
    }

    @Test
    void whatIsNotThere() {
        api.get(API + "vms/" + NOBODY).problem(404, "not-found");
        api.patch(API + "vms/" + NOBODY, "{'name':'x'}").problem(404, "not-found");
        api.delete(API + "vms/" + NOBODY).problem(404, "not-found");
        api.get(API + "gateways/" + NOBODY + "/status").problem(404, "not-found");
        api.get(API + "gateways/" + NOBODY + "/sessions").problem(404, "not-found");
        api.post("vms/" + walk.id("contoso-vm") + "/move", "{'hostId':'" + NOBODY + "'}")
                .problem(400, "reference-not-found");
        api.get(API + "nothing").problem(404, "no-such-path");
        api.post("nothing", "{}").problem(404, "no-such-path");
        api.get("/app.js").problem(404, "no-such-path");
    }

    @Test
    void methodThatThePathDoesNotHave() {
        Reply reply = api.send("PUT", API + "vms", "{}");
        reply.problem(405, "method-not-allowed");
        assertThat(reply.headers().get("allow")).isEqualTo("GET, POST");
        api.delete(API + "fabric").problem(405, "method-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/jsonx",
                "application/x-www-form-urlencoded",
                "application/json; charset=latin1"
            })
    void otherMediaTypesThanJson(String type) {
        api.send("POST", API + "logical-networks", "{\"name\":\"x\"}", "Content-Type", type)
                .problem(415, "unsupported-media-type");
    }

    @Test
    void bodyAndUriAndHeadersThatAreTooLarge() throws Exception {
        String large = "{\"name\":\"" + "x".repeat(70_000) + "\"}";
        api.send("POST", API + "logical-networks", large).problem(413, "body-too-large");
        assertThat(raw("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .containsPattern("^HTTP/1\\.\\d 414")
                .contains("uri-too-long");
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .containsPattern("^HTTP/1\\.\\d 431")
                .contains("headers-too-large");
        assertThat(raw("nonsense\r\n\r\n")).containsPattern("^HTTP/1\\.\\d 400").contains("bad-request");
        api.send("POST", API + "vms", "").problem(400, "missing-field");
    }

    /** Sends bytes as they are; the answer up to the end of the connection. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), manager.httpPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void otherSites() {
        String own = "127.0.0.1:" + manager.httpPort();
        api.send("GET", API + "vms", null, "Host", "evil.example").problem(421, "misdirected-request");
        api.send("GET", API + "vms", null, "Origin", "http://evil.example").problem(403, "forbidden-origin");
        api.send("POST", API + "vms", "{}", "Origin", "null").problem(403, "forbidden-origin");
        assertThat(api.send("GET", API + "vms", null, "Origin", "http://" + own).status())
                .isEqualTo(200);
        for (String host : new String[] {"localhost:1", "nvgate.example", "[::1]:8080", "192.0.2.1"}) {
            assertThat(api.send("GET", API + "vms", null, "Host", host).status())
                    .as(host)
                    .isEqualTo(200);
        }
    }

    @Test
    void requestIds() {
        assertThat(api.send("GET", API + "vms", null, "X-Request-Id", "abc.1").headers())
                .containsEntry("x-request-id", "abc.1");
        assertThat(api.send("GET", API + "vms", null, "X-Request-Id", "a b")
                        .headers()
                        .get("x-request-id"))
                .matches("[0-9a-f]{8}-\\d+");
    }
}
