package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A host that follows no policy of ours and is not our code: it sends all it does not know to the gateway's PA, with the VM's
 * own VSID ("gateway shares the VM's VSID"), and asks for its default gateway by ARP inside NVGRE.
 */
@DemoTest
final class IndependentPeerIT {

    private static final Path PEER = Path.of("..", "..", "shared", "peers", "nvgre-host.sh")
            .toAbsolutePath()
            .normalize();
    private static final String NAME = "nvgt";

    private final Demo demo;

    IndependentPeerIT(Demo demo) {
        this.demo = demo;
    }

    @AfterEach
    void removePeer() {
        if (Files.isExecutable(PEER)) {
            Shell.output(Demo.LONG, PEER.toString(), "down", NAME);
        }
    }

    @Test
    void aForeignHostReachesThePhysicalNetwork() {
        Assumptions.assumeTrue(Files.isExecutable(PEER), "the independent peer " + PEER + " is not on this machine");
        demo.ctl("tenant", "green");
        JsonNode vm = demo.named("vms", "green1");
        JsonNode nic = vm.path("nics").path(0);
        String pa = demo.named("hosts", "peer").path("providerAddress").asString();
        String gatewayPa = demo.named("gateways", "gw1").path("providerAddress").asString();
        String mac = nic.path("mac").asString().replace(':', '-');
        int vsid = demo.named("vm-subnets", "green-subnet").path("vsid").asInt();
        Shell.output(
                Demo.LONG,
                PEER.toString(),
                "up",
                NAME,
                "--pa",
                pa + "/24",
                "--gw-pa",
                gatewayPa,
                "--wire",
                "peer@" + Demo.PREFIX + "pa",
                "--wire-mtu",
                "1500",
                "--flowid",
                "hash",
                "--vm",
                "green1:" + vsid + ":" + nic.path("address").asString() + "/24:" + mac + ":192.168.1.1");
        Demo.output("pa", "ip", "link", "set", "peer", "master", "br0");
        Shell.output(Demo.LONG, PEER.toString(), "wait", NAME, "10");

        assertThat(inVm("curl", "-sf", "--max-time", "60", "http://" + Demo.SERVER + "/"))
                .isEqualTo("this is server, you are " + demo.externalAddress("green") + "\n");
        for (String mode : List.of("do", "dont")) {
            assertThat(inVm("ping", "-c", "3", "-i", "0.2", "-M", mode, "-s", "1430", Demo.SERVER))
                    .contains(" 0% packet loss");
        }
        assertThat(inVm("ping", "-c", "2", "-i", "0.2", "192.168.1.1"))
                .as("the default gateway answers")
                .contains(" 0% packet loss");
    }

    private static String inVm(String... command) {
        List<String> all = new java.util.ArrayList<>(List.of(PEER.toString(), "exec", NAME, "green1", "--"));
        all.addAll(List.of(command));
        return Shell.output(Demo.LONG, all.toArray(String[]::new));
    }
}
