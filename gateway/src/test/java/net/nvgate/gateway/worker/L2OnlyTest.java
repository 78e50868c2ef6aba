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

/** Subnets with L2Only records (hnv-domain.md section 2.6): tenant 1 has one for a MAC on host B, and one on host A. */
@ExtendWith(EalExtension.class)
class L2OnlyTest {

    private static final int CA = Wire.address("192.168.1.40");
    private static final long MAC = 0x001dd8b71c40L;
    private static final long BROADCAST = 0xffffffffffffL;

    private TestGateway gateway;

    private record Seen(int vsid, long mac, int ca, int pa) {}

    @BeforeEach
    void open() {
        gateway = new TestGateway();
        gateway.tables.macs.put(new MacTable.Row(Net.VM_VSID[1], MAC, 0, Net.HOST_B));
        gateway.tables.l2Groups.put(new L2Groups.Row(Net.VM_VSID[1], List.of(Net.HOST_A, Net.HOST_B)));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private List<Seen> seen() {
        List<Seen> all = new ArrayList<>();
        gateway.channel.learning().poll(1000, (vsid, mac, ca, pa) -> all.add(new Seen(vsid, mac, ca, pa)));
        return all;
    }

    private TestGateway.Sent arp(int hostPa, int tenant, long destination, long source, byte[] arp) {
        byte[] inner = Wire.ethernet(destination, source, 0x806, arp);
        return gateway.intoPa(Net.outer(hostPa, Wire.gre(0x20006558, Net.VM_VSID[tenant], 1, inner)));
    }

    /** The inner frame of NVGRE to a host, by whatever VSID. */
    private static byte[] question(byte[] frame, int hostPa, long hostMac) {
        return TestGateway.inner(frame, hostPa, hostMac, Net.VM_VSID[1]);
    }

    @Test
    @Requirement({"RFC 826 reception", "RFC 2827 3"})
    void anArpOfAVmWithAnL2OnlyRecordTellsItsAddress() {
        byte[] toGateway = Wire.arp(1, MAC, CA, 0, Net.DG);
        byte[] reply = arp(Net.HOST_B, 1, BROADCAST, MAC, toGateway).onlyPa();
        assertThat(TestGateway.inner(reply, Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]))
                .isEqualTo(Wire.ethernet(MAC, Net.DG_MAC, 0x806, Wire.arp(2, Net.DG_MAC, Net.DG, MAC, CA)));
        Seen sighting = new Seen(Net.VM_VSID[1], MAC, CA, Net.HOST_B);
        assertThat(seen()).containsExactly(sighting);
        assertThat(arp(Net.HOST_B, 1, BROADCAST, MAC, Wire.arp(1, MAC, CA, 0, CA))
                        .isEmpty())
                .isTrue();
        assertThat(arp(Net.HOST_B, 1, Net.DG_MAC, MAC, Wire.arp(2, MAC, CA, Net.DG_MAC, Net.DG))
                        .isEmpty())
                .isTrue();
        assertThat(seen()).containsExactly(sighting, sighting);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement("RFC 2827 3")
    void whatNoL2OnlyRecordBacksIsNotLearned() {
        byte[] question = Wire.arp(1, MAC, CA, 0, Net.DG);
        arp(Net.HOST_A, 1, BROADCAST, MAC, question);
        arp(Net.HOST_B, 2, BROADCAST, MAC, question);
        arp(Net.HOST_B, 1, BROADCAST, MAC + 1, Wire.arp(1, MAC + 1, CA, 0, Net.DG));
        arp(Net.HOST_B, 1, BROADCAST, MAC + 1, question);
        for (String wrong : List.of("192.168.2.40", "192.168.1.0", "192.168.1.255", "10.254.254.3")) {
            arp(Net.HOST_B, 1, BROADCAST, MAC, Wire.arp(1, MAC, Wire.address(wrong), 0, Net.DG));
        }
        assertThat(seen()).isEmpty();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 8L));
    }

    @Test
    @Requirement("RFC 826 reception")
    void broadcastsForOthersAreCounted() {
        arp(Net.HOST_A, 1, BROADCAST, Net.VM1_MAC, Wire.arp(1, Net.VM1_MAC, Net.VM1, 0, Net.VM2));
        byte[] ip = Net.udp(Net.VM1, -1, 5000, 5001);
        gateway.intoPa(Net.nvgre(Net.HOST_A, Net.VM_VSID[1], BROADCAST, 0x800, ip));
        byte[] group = Net.udp(Net.VM1, Wire.address("239.1.2.3"), 5000, 5001);
        gateway.intoPa(Net.nvgre(Net.HOST_A, Net.VM_VSID[1], 0x01005e010203L, 0x800, group));
        assertThat(gateway.drops())
                .isEqualTo(Map.of(DropReason.INNER_ARP_NOT_FOR_US, 1L, DropReason.INNER_MULTICAST, 2L));
    }

    @Test
    @Requirement({"RFC 826 reception", "nat-behaviour 92", "nat-behaviour 93", "RFC 7637 4.2"})
    void anUnknownAddressIsAskedForAtEveryHostWithSuchVmsAndNotReportedUnreachableMeanwhile() {
        byte[] packet = Net.udp(Net.VM1, CA, 4000, 53);
        assertThat(gateway.intoPa(Net.fromVm1(1, packet)).isEmpty()).isTrue();
        byte[] asked = Wire.ethernet(BROADCAST, Net.DG_MAC, 0x806, Wire.arp(1, Net.DG_MAC, Net.DG, 0, CA));
        List<byte[]> questions = gateway.turnAfter(1).pa();
        assertThat(questions).hasSize(2);
        assertThat(question(questions.get(0), Net.HOST_A, Net.HOST_A_MAC)).isEqualTo(asked);
        assertThat(question(questions.get(1), Net.HOST_B, Net.HOST_B_MAC)).isEqualTo(asked);
        gateway.intoPa(Net.fromVm1(1, packet));
        assertThat(gateway.turnAfter(1).isEmpty()).as("not asked again at once").isTrue();
        gateway.turnAfter(1000);
        gateway.intoPa(Net.fromVm1(1, packet));
        assertThat(gateway.turnAfter(1).pa()).as("asked again").hasSize(2);
        gateway.turnAfter(2500);
        byte[] unreachable = gateway.intoPa(Net.fromVm1(1, packet)).onlyPa();
        assertThat(Wire.u16(TestGateway.inner(unreachable, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 34))
                .isEqualTo(0x301);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_RECORD, 4L));
        gateway.turnAfter(1);
    }

    @Test
    @Requirement("RFC 1812 4.3.3.1")
    void whereNobodyCanHaveItAnAddressIsUnreachableAtOnce() {
        byte[] packet = Net.udp(Net.VM1, CA, 4000, 53);
        assertThat(gateway.intoPa(Net.fromVm1(2, packet)).pa()).hasSize(1);
        assertThat(gateway.turnAfter(1).isEmpty()).isTrue();
    }

    /** The way in through the NAT asks as well; when the answer has made a record, packets pass. */
    @Test
    @Requirement("nat-behaviour 81")
    void fromOutsideAVmIsReachedOnceItHasAnswered() {
        gateway.rule(1, Wire.UDP, 5353, CA, 53);
        byte[] in = Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 999, 5353));
        assertThat(gateway.intoExt(in).isEmpty()).isTrue();
        assertThat(gateway.turnAfter(1).pa()).hasSize(2);
        arp(Net.HOST_B, 1, Net.DG_MAC, MAC, Wire.arp(2, MAC, CA, Net.DG_MAC, Net.DG));
        for (Seen it : seen()) {
            gateway.record(1, it.ca, it.vsid, it.mac, it.pa, 0);
        }
        byte[] inner = TestGateway.inner(gateway.intoExt(in).onlyPa(), Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]);
        assertThat(Wire.mac(inner, 0)).isEqualTo(MAC);
    }

    @Test
    @Requirement("nat-behaviour 92")
    void questionsAreLimited() {
        for (int host = 50; host < 250; host++) {
            gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, (CA & ~0xff) + host, 1, 2)));
            if (host % 25 == 0) {
                gateway.turnAfter(1);
            }
        }
        gateway.turnAfter(1);
        assertThat(gateway.count(WorkerCounter.L2_QUESTIONS)).isBetween(90L, 110L);
    }
}
