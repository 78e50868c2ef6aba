package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ProviderNetworkTest {

    private static final String NAMESPACE = "nvgd-" + ProcessHandle.current().pid();
    private static final String UPLINK = "up0.100";

    @TempDir
    private Path directory;

    private final Commands commands = new Commands(Map.of(), Duration.ofSeconds(60));

    private AgentSettings settings() {
        AgentSettings.Switch vswitch = new AgentSettings.Switch(
                directory.resolve("db.sock"),
                directory,
                "ovs-vswitchd",
                "br-vs",
                "br-prv",
                UPLINK,
                null,
                "nvgre0",
                64,
                "inherit",
                false,
                "netdev");
        return new AgentSettings(
                "host1",
                new ManagerEndpoint("127.0.0.1", 1),
                NodeIdentityConfig.DEFAULT,
                directory,
                new AgentSettings.HostPort("127.0.0.1", 0),
                vswitch,
                NAMESPACE,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30));
    }

    /** A VLAN interface has a dot in its name, which a sysctl name with dots takes for a separator. */
    @Test
    void anUplinkWithADotInItsNameAnswersNoArp() throws Exception {
        boolean root = commands.run("id", "-u").strip().equals("0");
        Assumptions.assumeTrue(root, "SKIPPED: making a network namespace takes root");
        commands.run("ip", "netns", "add", NAMESPACE);
        try {
            commands.run("ip", "-n", NAMESPACE, "link", "add", UPLINK, "type", "veth", "peer", "name", "far0");
            commands.run("ip", "-n", NAMESPACE, "link", "add", "br-prv", "type", "bridge");
            AgentSettings settings = settings();
            new ProviderNetwork(commands, settings, new OvsSwitch(commands, settings.vswitch())).prepare();
            String value = "/proc/sys/net/ipv4/conf/" + UPLINK + "/arp_ignore";
            assertThat(commands.run(List.of("ip", "netns", "exec", NAMESPACE, "cat", value)))
                    .isEqualTo("8\n");
        } finally {
            commands.run("ip", "netns", "del", NAMESPACE);
        }
    }

    /** A PA per VSID is one of several addresses of a subnet; the kernel takes them all away with the first, unless told otherwise. */
    @Test
    void thePasOfASubnetStayWhenTheFirstGoes() throws Exception {
        boolean root = commands.run("id", "-u").strip().equals("0");
        Assumptions.assumeTrue(root, "SKIPPED: making a network namespace takes root");
        commands.run("ip", "netns", "add", NAMESPACE);
        try {
            commands.run("ip", "-n", NAMESPACE, "link", "add", UPLINK, "type", "veth", "peer", "name", "far0");
            commands.run("ip", "-n", NAMESPACE, "link", "add", "br-prv", "type", "bridge");
            AgentSettings settings = settings();
            new ProviderNetwork(commands, settings, new OvsSwitch(commands, settings.vswitch())).prepare();
            for (String address : List.of("10.0.0.11/24", "10.0.0.21/24", "10.0.0.22/24")) {
                commands.run("ip", "-n", NAMESPACE, "address", "add", address, "dev", "br-prv");
            }
            commands.run("ip", "-n", NAMESPACE, "address", "del", "10.0.0.11/24", "dev", "br-prv");
            assertThat(commands.run("ip", "-n", NAMESPACE, "-4", "address", "show", "dev", "br-prv"))
                    .contains("10.0.0.21/24", "10.0.0.22/24")
                    .doesNotContain("10.0.0.11");
        } finally {
            commands.run("ip", "netns", "del", NAMESPACE);
        }
    }
}
