package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.L2Groups;
import net.nvgate.gateway.route.MacTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** L2Only records of VMs whose host has an IPv6 PA, beside one whose host has IPv4. */
@ExtendWith(EalExtension.class)
class L2Only6Test {

    private static final int CA = Wire.address("192.168.1.40");
    private static final long MAC = 0x001dd8b71c40L;
    private static final long BROADCAST = 0xffffffffffffL;

    private final TestGateway gateway = Net6.on(new TestGateway());
    private final int hostB = gateway.tables.providerAddresses6.handle(Net6.model(Net6.HOST_B));

    @BeforeEach
    void open() {
        gateway.tables.macs.put(new MacTable.Row(Net.VM_VSID[1], MAC, 0, hostB));
        gateway.tables.l2Groups.put(new L2Groups.Row(Net.VM_VSID[1], List.of(Net.HOST_A, hostB)));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private TestGateway.Sent arp(byte[] arp) {
        byte[] inner = Wire.ethernet(BROADCAST, MAC, 0x806, arp);
        return gateway.intoPa(Net6.outer(Wire.gre(0x20006558, Net.VM_VSID[1], 1, inner)));
    }

    /** The inner frame of NVGRE to host B. */
    private static byte[] inner(byte[] frame) {
        assertThat(Wire.mac(frame, 0)).isEqualTo(Net.HOST_B_MAC);
        assertThat(Wire.u16(frame, 12)).isEqualTo(Wire6.TYPE);
        byte[] ip = Wire.slice(frame, 14);
        Wire6.requireRight(ip);
        assertThat(Wire6.source(ip)).isEqualTo(Net6.PA);
        assertThat(Wire6.destination(ip)).isEqualTo(Net6.HOST_B);
        assertThat(Wire.i32(ip, 44) >>> 8).isEqualTo(Net.VM_VSID[1]);
        return Wire.slice(ip, 48);
    }

    @Test
    @Requirement({"RFC 826 reception", "nat-behaviour 92", "RFC 7637 4.2"})
    void anUnknownAddressIsAskedForAtHostsOfBothFamilies() {
        byte[] packet = Net.udp(Net.VM1, CA, 4000, 53);
        assertThat(gateway.intoPa(Net.fromVm1(1, packet)).isEmpty()).isTrue();
        byte[] asked = Wire.ethernet(BROADCAST, Net.DG_MAC, 0x806, Wire.arp(1, Net.DG_MAC, Net.DG, 0, CA));
        List<byte[]> questions = gateway.turnAfter(1).pa();
        assertThat(questions).hasSize(2);
        assertThat(TestGateway.inner(questions.get(0), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]))
                .isEqualTo(asked);
        assertThat(inner(questions.get(1))).isEqualTo(asked);
    }

    @Test
    @Requirement({"RFC 826 reception", "RFC 2827 3"})
    void anArpOfSuchAVmIsAnsweredAndTellsItsAddress() {
        byte[] reply = arp(Wire.arp(1, MAC, CA, 0, Net.DG)).onlyPa();
        assertThat(inner(reply))
                .isEqualTo(Wire.ethernet(MAC, Net.DG_MAC, 0x806, Wire.arp(2, Net.DG_MAC, Net.DG, MAC, CA)));
        List<Integer> seen = new ArrayList<>();
        gateway.channel.learning().poll(10, (_, _, ca, pa) -> seen.addAll(List.of(ca, pa)));
        assertThat(seen).containsExactly(CA, hostB);
        // Another host does not speak for the VM.
        byte[] inner = Wire.ethernet(BROADCAST, MAC, 0x806, Wire.arp(1, MAC, CA, 0, Net.DG));
        gateway.intoPa(Net.outer(Net.HOST_A, Wire.gre(0x20006558, Net.VM_VSID[1], 1, inner)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 1L));
    }
}
