package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionEnderTest {

    private final TablePolicy policy =
            new TablePolicy(new RouteTables(TestMemory::allocate, 1), TableLimits.DEFAULT, _ -> {});
    private final SessionEnder ender = new SessionEnder(List.of(), policy, _ -> (_, _) -> true);

    @BeforeEach
    void tenants() throws Exception {
        policy.replace(new PolicySnapshot(
                1, PolicySamples.all(PolicySamples.gateway(), PolicySamples.tenant(1), PolicySamples.tenant(2))));
    }

    private void assertRefused(Map<String, String> filter, String message) {
        assertThatThrownBy(() -> ender.end(filter, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void answersHowManyEnded() {
        assertThat(ender.end(Map.of("all", "true"), 10).json()).isEqualTo("[{\"ended\":0}]");
        assertThat(ender.end(Map.of("insideAddress", "192.168.1.3", "insidePort", "0", "protocol", "47"), 10)
                        .truncated())
                .isFalse();
    }

    @Test
    void nothingNamedIsNotEverything() {
        assertRefused(Map.of(), "all=true");
        assertRefused(Map.of("all", "false"), "all");
        assertRefused(Map.of("all", "true", "protocol", "UDP"), "alone");
        assertRefused(Map.of("dryRun", "true"), "all=true");
        assertRefused(Map.of("max", "5"), "all=true");
    }

    @Test
    void whatThereIsNotIsAnError() {
        assertRefused(Map.of("colour", "red"), "colour");
        assertRefused(Map.of("rdid", "00000000-0000-0000-0000-00000000dead"), "no such VM network");
        assertRefused(Map.of("insidePort", "70000"), "insidePort must be 0 to 65535");
        assertRefused(Map.of("insidePort", "20-10"), "no port");
        assertRefused(Map.of("state", "established,dead"), "no state 'dead'");
        assertRefused(Map.of("nat", "magic"), "nat must be one of [MAPPING, RULE");
        assertRefused(Map.of("natRule", "00000000-0000-0000-0000-00000000dead"), "no NAT rule");
        assertRefused(Map.of("ageMin", "-1"), "ageMin must be 0 to");
        assertRefused(Map.of("remoteAddress", "fd00::/8"), "remoteAddress must be an IPv4");
        assertRefused(Map.of("protocol", "GRE"), "protocol must be TCP, UDP, ICMP or 1 to 255, not 'GRE'");
        assertRefused(Map.of("insideAddress", "10.0.0.300"), "10.0.0.300");
    }

    @Test
    void tenantsAreFoundByRdidAndByName() {
        String rdid = policy.vsidNames().getFirst().rdid().toString();
        String name = policy.vsidNames().getFirst().vmNetwork();
        assertThat(ender.end(Map.of("rdid", rdid), 10).json()).isEqualTo("[{\"ended\":0}]");
        assertThat(ender.end(Map.of("rdid", rdid, "vmNetwork", name), 10).json())
                .isEqualTo("[{\"ended\":0}]");
        assertRefused(Map.of("rdid", rdid, "vmNetwork", name + "x"), "no such VM network");
    }
}
