package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.nat.NatRefusal;
import net.nvgate.gateway.route.NatQuotas;
import org.junit.jupiter.api.Test;

/** What tenants and hosts may use, and that nobody suffers from another's excess. */
class NatQuotaTest extends NatTestBase {

    private void quota(int tenant, NatQuotas.Row row) {
        gateway.tables.nat.quotas.set(tenant, row);
    }

    /** How many of {@code tries} new flows of VM 1 leave. */
    private int flows(int tenant, int tries, int firstPort) {
        int left = 0;
        for (int i = 0; i < tries; i++) {
            left += leaves(tenant, Net.udp(Net.VM1, Net.SERVER, firstPort + i, 53)) ? 1 : 0;
        }
        return left;
    }

    private static byte[] fromVm2(int port) {
        return Net.nvgre(
                Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, Net.udp(Net.VM2, Net.SERVER, port, 53));
    }

    @Test
    @Requirement({"nat-behaviour 20", "RFC 6888 REQ-5", "RFC 6888 REQ-4a"})
    void aTenantsSessionsAreLimitedAndNobodyElses() {
        quota(1, new NatQuotas.Row(0, 7, 0, 0, 0, 0));
        assertThat(flows(1, 10, 4000)).isEqualTo(7);
        dropped(DropReason.QUOTA_TENANT_SESSIONS, 3);
        assertThat(flows(2, 10, 4000)).isEqualTo(10);
        assertThat(gateway.worker.nat().subscribers().tenants().refusals(1, NatRefusal.TENANT_SESSIONS))
                .isEqualTo(3);
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)))
                .as("a session that is there")
                .isTrue();
        everythingComesBack(300_000);
        assertThat(flows(1, 10, 5000)).as("when they are gone").isEqualTo(7);
    }

    @Test
    @Requirement({"RFC 6888 REQ-4", "RFC 6888 REQ-4a"})
    void aTenantsPortsAreLimited() {
        quota(1, new NatQuotas.Row(5, 0, 0, 0, 0, 0));
        assertThat(flows(1, 8, 4000)).isEqualTo(5);
        dropped(DropReason.QUOTA_TENANT_PORTS, 3);
        assertThat(leaves(1, Net.udp(Net.VM1, Net.FAR, 4000, 99)))
                .as("another session of a mapping takes no port")
                .isTrue();
        assertThat(flows(2, 8, 4000)).isEqualTo(8);
    }

    @Test
    @Requirement({"nat-behaviour 21", "RFC 6888 REQ-4", "RFC 6888 REQ-5"})
    void aHostsSessionsAndPortsAreLimitedAndReported() {
        quota(1, new NatQuotas.Row(0, 0, 0, 3, 5, 0));
        assertThat(flows(1, 4, 4000)).as("ports").isEqualTo(3);
        for (int i = 0; i < 4; i++) {
            leaves(1, Net.udp(Net.VM1, Net.FAR, 4000, 100 + i));
        }
        assertThat(gateway.worker.sessions().count()).isEqualTo(5);
        assertThat(gateway.drops())
                .containsEntry(DropReason.QUOTA_HOST_PORTS, 1L)
                .containsEntry(DropReason.QUOTA_HOST_SESSIONS, 2L);
        assertThat(gateway.worker.events().count(EventKind.HOST_QUOTA)).isEqualTo(3);
        assertThat(gateway.intoPa(fromVm2(4000)).ext()).as("the neighbour").hasSize(1);
    }

    @Test
    @Requirement({"RFC 6888 REQ-4c", "RFC 6888 REQ-5"})
    void theRateOfNewSessionsIsLimited() {
        quota(1, new NatQuotas.Row(0, 0, 5, 0, 0, 0));
        assertThat(flows(1, 9, 4000)).isEqualTo(5);
        dropped(DropReason.QUOTA_TENANT_RATE, 4);
        assertThat(flows(2, 9, 4000)).isEqualTo(9);
        gateway.turnAfter(400);
        assertThat(flows(1, 9, 5000)).isEqualTo(2);
        gateway.turnAfter(60_000);
        assertThat(flows(1, 9, 6000)).as("no more than a second's").isEqualTo(5);
    }

    @Test
    @Requirement("RFC 6888 REQ-4c")
    void theRateOfAHostIsLimited() {
        quota(1, new NatQuotas.Row(0, 0, 0, 0, 0, 3));
        assertThat(flows(1, 5, 4000)).isEqualTo(3);
        dropped(DropReason.QUOTA_HOST_RATE, 2);
        assertThat(gateway.intoPa(fromVm2(4000)).ext()).hasSize(1);
    }

    /** The best-known failure of gateways like this: one tenant's scan starves all others. */
    @Test
    @Requirement({"nat-behaviour 20", "nat-behaviour M11", "RFC 6888 REQ-5"})
    void withoutQuotasOneTenantLeavesRoomForAllOthers() {
        gateway.nat(3, 3, 1024, 65535);
        assertThat(flows(1, 100, 4000)).as("three quarters").isEqualTo(48);
        assertThat(flows(2, 100, 4000)).as("three quarters of the rest").isEqualTo(12);
        assertThat(flows(3, 100, 4000)).isEqualTo(3);
        assertThat(gateway.drops().keySet()).containsExactly(DropReason.TENANT_SHARE);
    }

    @Test
    @Requirement({"RFC 6888 REQ-11", "RFC 6888 REQ-11b", "RFC 6888 REQ-11c", "RFC 6888 REQ-11d", "nat-behaviour 17"})
    void exhaustedPortsAreToldAndNothingLivingGivesWay() {
        gateway.nat(1, 1, 5000, 5009);
        assertThat(flows(1, 10, 4000)).isEqualTo(10);
        byte[] told = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4500, 53)))
                        .onlyPa(),
                Net.HOST_A,
                Net.HOST_A_MAC,
                Net.VM_VSID[1]);
        byte[] ip = Wire.slice(told, 14);
        Wire.requireRight(ip);
        assertThat(Wire.u16(ip, 20)).as("host unreachable").isEqualTo(0x0301);
        assertThat(Wire.u16(ip, 20 + 8 + 20)).as("about the packet").isEqualTo(4500);
        dropped(DropReason.NAT_PORTS_EXHAUSTED, 1);
        assertThat(gateway.worker.events().count(EventKind.NAT_PORTS_EXHAUSTED)).isEqualTo(1);
        for (int port = 5000; port <= 5009; port++) {
            assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 53, port))).isTrue();
        }
    }

    @Test
    @Requirement({"RFC 5508 REQ-8"})
    void quotasAreToldAsProhibited() {
        quota(1, new NatQuotas.Row(0, 1, 0, 0, 0, 0));
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] told = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, Net.ping(Net.VM1, Net.SERVER, 5))).onlyPa(),
                Net.HOST_A,
                Net.HOST_A_MAC,
                Net.VM_VSID[1]);
        assertThat(Wire.u16(told, 14 + 20)).isEqualTo(0x030d);
        assertThat(gateway.worker.events().count(EventKind.TENANT_QUOTA)).isEqualTo(1);
    }

    @Test
    @Requirement("nat-behaviour 5")
    void withoutAnAddressNothingLeavesAndWithOneTheSamePacketsDo() {
        assertThat(flows(3, 4, 4000)).isZero();
        dropped(DropReason.NO_NAT, 4);
        gateway.nat(3, 3, 1024, 65535);
        assertThat(flows(3, 4, 4000)).isEqualTo(4);
    }
}
