package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat.NatRefusal;
import net.nvgate.gateway.route.NatQuotas;
import org.junit.jupiter.api.Test;

/** Mappings that somebody asks for, as PCP will (RFC 6887). Time begins at 5 s. */
class ExplicitMappingTest extends NatTestBase {

    private static final int NOW = 5_000;

    private NatBindings nat() {
        return gateway.worker.nat();
    }

    private long map(int port, int wanted, int seconds) {
        return nat().map(1, Net.VM1, port, Wire.UDP, wanted, NOW + 1000L * seconds, NOW);
    }

    @Test
    @Requirement("RFC 6887 11.3")
    void itLetsEverybodyInUntilItsDeadline() {
        long mapping = map(53, 5353, 600);
        assertThat(Mappings.externalAddress(mapping)).isEqualTo(Net.NAT[1]);
        assertThat(Mappings.externalPort(mapping)).isEqualTo(5353);
        byte[] seen = in(1, Net.udp(Net.FAR, Net.NAT[1], 1, 5353));
        assertThat(Wire.u16(seen, 22)).isEqualTo(53);
        gateway.turnAfter(590_000);
        assertThat(gateway.worker.sessions().count()).isZero();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 1, 5353))).isTrue();
        gateway.turnAfter(20_000);
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 2, 5353))).isFalse();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 1, 5353)))
                .as("its sessions live on")
                .isTrue();
        everythingComesBack(300_000);
    }

    @Test
    @Requirement("RFC 6887 11.3")
    void anEndpointWithAMappingKeepsItsPort() {
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        long mapping = map(4000, 7777, 600);
        assertThat(Mappings.externalPort(mapping)).isEqualTo(port);
        assertThat(Wire.u16(out(1, Net.udp(Net.VM1, Net.FAR, 4000, 53)), 20)).isEqualTo(port);
        assertThat(nat().subscribers().tenants().explicitMappings(1)).isEqualTo(1);
    }

    @Test
    @Requirement({"RFC 6887 15", "RFC 6887 11.3"})
    void itIsProlongedAndEndedBeforeItsTime() {
        long mapping = map(53, 5353, 10);
        assertThat(map(53, 0, 1000)).isEqualTo(mapping);
        gateway.turnAfter(500_000);
        assertThat(nat().used()).isEqualTo(1);
        nat().unmap(mapping, NOW + 500_000);
        assertThat(nat().used()).isZero();
        assertThat(nat().subscribers().tenants().explicitMappings(1)).isZero();
        everythingComesBack(0);
    }

    @Test
    @Requirement("RFC 6887 15")
    void itGoesWithItsConnection() {
        map(53, 5353, 80_000);
        gateway.removeNat(1, 1);
        for (int i = 0; i < 10; i++) {
            gateway.turnAfter(1_000);
        }
        everythingComesBack(0);
        assertThat(map(53, 5353, 600)).isZero();
        assertThat(nat().refusal()).isEqualTo(NatRefusal.NO_CONNECTION);
    }

    @Test
    @Requirement({"RFC 6887 18.1", "RFC 6888 REQ-4"})
    void quotasHoldForItToo() {
        gateway.tables.nat.quotas.set(1, new NatQuotas.Row(2, 0, 0, 0, 0, 0));
        assertThat(map(1, 0, 600)).isNotZero();
        assertThat(map(2, 0, 600)).isNotZero();
        assertThat(map(3, 0, 600)).isZero();
        assertThat(nat().refusal()).isEqualTo(NatRefusal.TENANT_PORTS);
    }

    /** What others ask for meanwhile takes nothing from who has it. */
    @Test
    @Requirement({"RFC 6887 11.3", "nat-behaviour M12"})
    void whoHasUsedUpItsShareProlongsWhatItHas() {
        int port = 1;
        while (map(port, 0, 600) != 0) {
            port++;
        }
        assertThat(nat().refusal()).isEqualTo(NatRefusal.TENANT_SHARE);
        assertThat(map(1, 0, 1_200)).isNotZero();
        for (int i = 1; nat().map(2, Net.VM1, i, Wire.UDP, 0, NOW + 600_000L, NOW) != 0; i++) {
            assertThat(map(i, 0, 1_200)).as("prolonged after %d of another", i).isNotZero();
        }
        assertThat(nat().subscribers().tenants().explicitMappings(2)).isPositive();
        assertThat(map(port, 0, 600)).as("one more").isZero();
    }
}
