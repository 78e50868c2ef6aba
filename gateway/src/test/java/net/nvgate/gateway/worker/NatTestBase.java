package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Packets of VMs and of the physical side through a gateway, for tests of NAT's allocation. */
@ExtendWith(EalExtension.class)
abstract class NatTestBase {

    static final int SYN = 2;
    static final int ACK = 16;

    TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = new TestGateway(config(), workers());
    }

    int workers() {
        return TestGateway.WORKERS;
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    WorkerConfig config() {
        return TestGateway.CONFIG;
    }

    /** A packet of VM 1 that must leave by the external port, as it left. */
    byte[] out(int tenant, byte[] ip) {
        byte[] sent = TestGateway.ip(gateway.intoPa(Net.fromVm1(tenant, ip)).onlyExt());
        Wire.requireRight(sent);
        return sent;
    }

    /** Whether a packet of VM 1 leaves by the external port. */
    boolean leaves(int tenant, byte[] ip) {
        return !gateway.intoPa(Net.fromVm1(tenant, ip)).ext().isEmpty();
    }

    /** A packet from outside that must reach VM 1 of a tenant, as it arrives. */
    byte[] in(int tenant, byte[] ip) {
        byte[] frame = gateway.intoExt(Net.fromOutside(ip)).onlyPa();
        byte[] inner = TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[tenant]);
        byte[] sent = Wire.slice(inner, 14);
        Wire.requireRight(sent);
        return sent;
    }

    /** Whether a packet from outside reaches a VM. */
    boolean arrives(byte[] ip) {
        return !gateway.intoExt(Net.fromOutside(ip)).pa().isEmpty();
    }

    void dropped(DropReason reason, long count) {
        assertThat(gateway.drops()).isEqualTo(Map.of(reason, count));
    }

    /** Another VM of a tenant, on host A. */
    void vm(int tenant, int ca) {
        gateway.record(tenant, ca, Net.VM_VSID[tenant], Net.VM1_MAC, Net.HOST_A, 0);
    }

    /** All sessions end, and nothing of what they had is left but resting ports, which go later. */
    void everythingComesBack(int longestMs) {
        for (int ms = 0; ms < longestMs + 20_000; ms += 1_000) {
            gateway.turnAfter(1_000);
            // What one turn has no time for.
            for (int i = 0; i < 8; i++) {
                gateway.turnAfter(0);
            }
        }
        assertThat(gateway.worker.sessions().count()).as("sessions").isZero();
        assertThat(gateway.worker.nat().used()).as("mappings").isZero();
        assertThat(gateway.worker.nat().blocksUsed()).as("blocks").isZero();
        assertThat(gateway.worker.nat().peersUsed()).as("peers").isZero();
        assertThat(gateway.worker.nat().subscribers().hosts().used())
                .as("hosts")
                .isZero();
        for (int tenant = 1; tenant <= 3; tenant++) {
            assertThat(gateway.worker.nat().subscribers().tenants().sessions(tenant))
                    .isZero();
            assertThat(gateway.worker.nat().subscribers().tenants().ports(tenant))
                    .isZero();
            assertThat(gateway.worker.nat().subscribers().tenants().hosts(tenant))
                    .isZero();
        }
        for (int i = 0; i < 400; i++) {
            gateway.turnAfter(1_000);
        }
        assertThat(gateway.worker.nat().ports().used()).as("port maps").isZero();
    }
}
