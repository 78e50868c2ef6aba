package net.nvgate.appliance;

import static net.nvgate.appliance.Demo.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Port ACLs of blue against Linux's own TCP: who gets through, whose connections live on, what is counted and told. */
@DemoTest
final class PortAclIT {

    private static final int SYSLOG_PORT = 5514;
    /** Of curl: the connection was refused, here by ICMP. */
    private static final int NOT_CONNECTED = 7;

    private static final int TIMED_OUT = 28;
    private static final String WEB =
            "{\"priority\": 5, \"direction\": \"OUTBOUND\", \"action\": \"ALLOW\", \"protocol\": \"TCP\"}";

    private final Demo demo;
    private final String network;
    private final String subnet;
    private final String vm;
    private final List<String> made = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    PortAclIT(Demo demo) {
        this.demo = demo;
        this.network = demo.named("vm-networks", "blue").path("id").asString();
        this.subnet = demo.named("vm-subnets", "blue-subnet").path("id").asString();
        this.vm = "/vms/" + demo.named("vms", "blue2").path("id").asString();
    }

    @AfterEach
    void asBefore() {
        processes.forEach(Process::destroy);
        made.reversed().forEach(path -> demo.change("DELETE", path, ""));
        demo.changePolicy("PATCH", vm, "{\"labels\": {}}");
        assertThat(fetch("blue2")).isZero();
    }

    private static String noWebTo(String addressSet) {
        return "{\"priority\": 10, \"name\": \"no web\", \"direction\": \"OUTBOUND\", \"action\": \"REJECT\", \"protocol\": \"TCP\","
                + " \"remotePortRanges\": [\"80\"], \"remoteAddressSetIds\": [\"" + addressSet + "\"], \"log\": true}";
    }

    private String make(String kind, String body) {
        String path = "/" + kind + "/"
                + demo.changePolicy("POST", "/" + kind, body).path("id").asString();
        made.add(path);
        return path;
    }

    /** Exit code of a fetch of the server's page. */
    private static int fetch(String from) {
        return Demo.run(from, "curl", "-sf", "-o", "/dev/null", "--max-time", "60", "http://" + SERVER + "/")
                .status();
    }

    /** A hundred megabytes, so slowly that it does not end by itself. */
    private void download(String from) throws IOException {
        processes.add(new ProcessBuilder(Demo.in(
                        from, "curl", "-sf", "-o", "/dev/null", "--limit-rate", "100k", "http://" + SERVER + "/big"))
                .start());
    }

    private JsonNode downloadOf(String address) {
        return demo.api("/vm-networks/" + network
                        + "/sessions?remotePort=80&state=established&bytesMin=100000&sort=idle&order=asc"
                        + "&insideAddress=" + address)
                .path("items");
    }

    private long hits(int priority) {
        for (JsonNode rule : demo.api("/vm-networks/" + network + "/port-acls").path("items")) {
            if (rule.path("priority").asInt() == priority) {
                return rule.path("hits").asLong();
            }
        }
        return -1;
    }

    @Test
    void aListDecidesWhoGetsThroughAndCutsOnlyWhatItForbids() throws IOException {
        try (DatagramSocket syslog =
                new DatagramSocket(new InetSocketAddress(InetAddress.getByName(Demo.COLLECTOR), SYSLOG_PORT))) {
            demo.changePolicy("PATCH", vm, "{\"labels\": {\"tier\": \"db\"}}");
            String set = make(
                    "address-sets",
                    "{\"name\": \"servers\", \"vmNetworkId\": \"" + network
                            + "\", \"prefixes\": [\"198.51.100.0/24\"]}");
            String noWeb = noWebTo(set.substring(set.lastIndexOf('/') + 1));
            download("blue1");
            download("blue2");
            demo.await(
                    Demo.SHORT,
                    "both downloads",
                    () -> !downloadOf("192.168.1.3").isEmpty()
                            && !downloadOf("192.168.1.4").isEmpty());

            String list = make(
                    "port-acls",
                    "{\"name\": \"e2e\", \"vmNetworkId\": \"" + network
                            + "\", \"vmLabels\": [\"tier=db\"], \"rules\": [" + noWeb + "]}");
            aSessionEndsAndTheOtherGoesOn();
            assertThat(fetch("blue2")).as("the VM with the label").isEqualTo(NOT_CONNECTED);
            assertThat(fetch("blue1")).as("the VM without").isZero();
            isCountedAndTold(syslog);

            demo.changePolicy("PATCH", list, "{\"rules\": [" + noWeb + ", " + WEB + "]}");
            assertThat(fetch("blue2")).as("the rule before allows").isZero();
            assertThat(hits(5)).isPositive();

            demo.changePolicy(
                    "PATCH",
                    list,
                    "{\"vmLabels\": [], \"vmSubnetIds\": [\"" + subnet + "\"], \"rules\": [" + noWeb + "]}");
            assertThat(fetch("blue1")).as("a VM of the subnet").isEqualTo(NOT_CONNECTED);
            demo.changePolicy("PATCH", list, "{\"vmSubnetIds\": []}");
            assertThat(fetch("blue1")).as("a VM of the VM network").isEqualTo(NOT_CONNECTED);
            assertThat(fetch("red1")).as("a VM of another one").isZero();
            demo.changePolicy("PATCH", set, "{\"prefixes\": [\"192.0.2.0/24\"]}");
            assertThat(fetch("blue1")).as("a server that is not in the set").isZero();
            comesIn(0);
            demo.changePolicy("PATCH", list, "{\"rules\": [], \"defaultInboundAction\": \"DENY\"}");
            comesIn(TIMED_OUT);
            assertThat(fetch("blue1")).as("answers of what goes out").isZero();
        }
    }

    /** By blue1's port forward. */
    private void comesIn(int exitCode) {
        assertThat(Demo.run(
                                "server",
                                "curl",
                                "-sf",
                                "--max-time",
                                exitCode == 0 ? "60" : "2",
                                "http://" + demo.externalAddress("blue") + ":8080/")
                        .status())
                .isEqualTo(exitCode);
    }

    private void aSessionEndsAndTheOtherGoesOn() {
        JsonNode before = downloadOf("192.168.1.3").path(0);
        demo.await(
                Demo.SHORT,
                "the end of the session that is forbidden",
                () -> downloadOf("192.168.1.4").isEmpty());
        demo.await(Demo.SHORT, "progress of the one that is not", () -> {
            JsonNode now = downloadOf("192.168.1.3").path(0);
            assertThat(now.path("externalPort")).isEqualTo(before.path("externalPort"));
            return now.path("bytesIn").asLong() > before.path("bytesIn").asLong();
        });
        assertThat(demo.gatewayMetrics().sum("nvgate_worker_acl_sessions_cut_total"))
                .isPositive();
    }

    private void isCountedAndTold(DatagramSocket syslog) throws IOException {
        assertThat(hits(10)).isPositive();
        assertThat(demo.nvgate("acl-hits", "--vm-network", "blue", "--hit"))
                .containsPattern("blue +e2e +outbound +10 +no web +reject +[1-9]");
        String told = receive(syslog, " port-acl ");
        assertThat(told).contains("vmNetwork=\"blue\"", "insideAddress=\"192.168.1.4\"", "protocol=\"6\"");
        demo.await(Demo.SHORT, "a line in the log", () -> gatewayLog().contains("event=port-acl"));
    }

    private String gatewayLog() {
        try {
            return Files.readString(demo.state().resolve("log/gateway.log"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String receive(DatagramSocket socket, String what) throws IOException {
        List<String> found = new ArrayList<>();
        socket.setSoTimeout(100);
        byte[] room = new byte[4096];
        demo.await(Demo.SHORT, "a message with" + what, () -> {
            DatagramPacket packet = new DatagramPacket(room, room.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            found.add(new String(room, 0, packet.getLength(), StandardCharsets.UTF_8));
            return found.getLast().contains(what);
        });
        return found.getLast();
    }
}
