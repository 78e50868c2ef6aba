package net.nvgate.fabric.policy;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with PAs of both families, and hosts with PAs of either. */
class MixedFamiliesTest {

    @TempDir
    private Path directory;

    private PolicyFixture fixture;
    private TestFabric fabric;
    private Host host4;
    private Host host6;
    private Gateway gateway;

    @BeforeEach
    void open() {
        fixture = new PolicyFixture(directory, 11);
        fabric = fixture.fabric;
        UUID site = fabric.site("pa6-site", fabric.paNetwork, "fd10::/64").id();
        IpPool pool6 = (IpPool) fabric.make(
                Kind.IP_POOL, named("pa6-pool") + field("networkSiteId", site) + field("prefix", "fd10::/64"));
        host4 = fabric.host("host4");
        host6 = (Host) fabric.make(
                Kind.HOST,
                named("host6")
                        + field("hostType", "HYPER_V")
                        + field("paPoolId", pool6.id())
                        + field("providerAddress", "fd10::10"));
        gateway = fabric.gateway(
                "gw",
                field("providerAddress", "10.10.0.16")
                        + field("paPool6Id", pool6.id())
                        + field("providerAddress6", "fd10::11"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private IpAddress reached(NodeId node, VmNetworkGateway attachment, IpAddress customerAddress) {
        return fixture.policy(node).values().stream()
                .filter(LookupRecord.class::isInstance)
                .map(LookupRecord.class::cast)
                .filter(record -> record.rdid().equals(rdid(attachment))
                        && record.customerAddress().equals(customerAddress))
                .map(LookupRecord::providerAddress)
                .reduce((one, other) -> {
                    throw new AssertionError("two records of " + customerAddress);
                })
                .orElseThrow();
    }

    private UUID rdid(VmNetworkGateway attachment) {
        return fabric.manager.get(VmNetwork.class, attachment.vmNetworkId()).rdid();
    }

    private VmNetworkGateway attached(String name, Host host, String more) {
        VmNetwork network = fabric.vmNetwork(name);
        VmNetworkGateway attachment = fabric.attach(name, network, gateway, more);
        VmSubnet subnet = fabric.vmSubnet(name, network, "192.168.1.0/24");
        fabric.vm(name, host, subnet);
        return attachment;
    }

    @Test
    void hostsKnowTheGatewayByThePaOfTheirOwnFamily() {
        VmNetworkGateway blue = attached("blue", host4, "");
        VmNetworkGateway red = attached("red", host6, "");
        assertThat(reached(PolicyFixture.host("host4"), blue, blue.address())).isEqualTo(ip("10.10.0.16"));
        assertThat(reached(PolicyFixture.host("host6"), red, red.address())).isEqualTo(ip("fd10::11"));
        assertThat(reached(PolicyFixture.gateway("gw"), red, red.address())).isEqualTo(ip("10.10.0.16"));
    }

    @Test
    void wildcardsForAllHostsToo() {
        VmNetworkGateway red = attached("red", host6, field("wildcardRecords", "ALL_HOSTS"));
        assertThat(reached(PolicyFixture.host("host6"), red, ip("0.0.0.0"))).isEqualTo(ip("fd10::11"));
        assertThat(reached(PolicyFixture.gateway("gw"), red, ip("0.0.0.0"))).isEqualTo(ip("10.10.0.16"));
        fabric.patch(red, "\"wildcardRecords\":\"GATEWAY\"");
        assertThat(fixture.news(PolicyFixture.host("host6"))).singleElement().isInstanceOf(PolicyChange.Remove.class);
    }
}
