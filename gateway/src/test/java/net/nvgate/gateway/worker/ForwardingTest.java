package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.neighbor.Announcements;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.neighbor.NeighborCounters;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.OwnAddresses;
import org.junit.jupiter.api.Test;

/** ARP, VM to VM, VLANs, ECN, fragments, and random input. */
class ForwardingTest extends GatewayFixture {

    @Test
    @Requirement("RFC 826 reception")
    void answersArpOnBothLinks() {
        long asker = 0x020000000009L;
        byte[] question =
                Wire.ethernet(0xffffffffffffL, asker, 0x806, Wire.arp(1, asker, Net.HOST_A, 0, Net.GATEWAY_PA));
        assertThat(gateway.intoPa(question).onlyPa())
                .isEqualTo(Wire.ethernet(
                        asker, Net.PA_MAC, 0x806, Wire.arp(2, Net.PA_MAC, Net.GATEWAY_PA, asker, Net.HOST_A)));
        for (int target : new int[] {Net.EXTERNAL, Net.NAT[1], Net.NAT[2]}) {
            byte[] ext = Wire.ethernet(0xffffffffffffL, asker, 0x806, Wire.arp(1, asker, Net.SERVER, 0, target));
            assertThat(gateway.intoExt(ext).onlyExt())
                    .isEqualTo(Wire.ethernet(
                            asker, Net.EXT_MAC, 0x806, Wire.arp(2, Net.EXT_MAC, target, asker, Net.SERVER)));
        }
        assertThat(gateway.count(WorkerCounter.ARP_HANDLED)).isEqualTo(4);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement("RFC 5227 2.3")
    void announcesItsAddressesByGratuitousArp() {
        Announcements announcements = new Announcements(gateway.channel, new NeighborCounters());
        announcements.replace(List.of(
                new Announcements.Own(Net.PA_PORT, new Ipv4Address(Net.GATEWAY_PA), 0),
                new Announcements.Own(Net.EXT_PORT, new Ipv4Address(Net.NAT[1]), 7)));
        announcements.doWork();
        TestGateway.Sent sent = gateway.turnAfter(1);
        assertThat(sent.pa())
                .containsExactly(Wire.ethernet(
                        0xffffffffffffL,
                        Net.PA_MAC,
                        0x806,
                        Wire.arp(1, Net.PA_MAC, Net.GATEWAY_PA, 0, Net.GATEWAY_PA)));
        byte[] arp = Wire.arp(1, Net.EXT_MAC, Net.NAT[1], 0, Net.NAT[1]);
        byte[] tagged = new byte[4 + arp.length];
        tagged[1] = 7;
        tagged[2] = 8;
        tagged[3] = 6;
        System.arraycopy(arp, 0, tagged, 4, arp.length);
        assertThat(sent.ext()).containsExactly(Wire.ethernet(0xffffffffffffL, Net.EXT_MAC, 0x8100, tagged));
    }

    @Test
    void dropsOnTheWayIntoAVsidAreItsOwn() {
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.VM4, 1, 2)));
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NO_PROVIDER_ROUTE, 1L));
        assertThat(gateway.worker.counters().vsidDrops(2, DropReason.NO_PROVIDER_ROUTE))
                .isEqualTo(1);
    }

    @Test
    @Requirement("RFC 826 reception")
    void answersArpInsideNvgreUnicastAndBroadcast() {
        long[][] questions = {
            {Net.GATEWAY_VSID[1], Net.GATEWAY_CA, Net.GATEWAY_MAC},
            {Net.GATEWAY_VSID[1], Net.ROUTER_CA, Net.ROUTER_CA_MAC},
            {Net.VM_VSID[1], Net.DG, Net.DG_MAC},
            {Net.VM_VSID[1], Net.GATEWAY_CA, Net.GATEWAY_MAC}
        };
        for (long[] q : questions) {
            int vsid = (int) q[0];
            int target = (int) q[1];
            long mac = q[2];
            for (long destination : new long[] {0xffffffffffffL, mac}) {
                byte[] arp = Wire.arp(1, Net.VM1_MAC, Net.VM1, 0, target);
                byte[] reply = gateway.intoPa(Net.nvgre(Net.HOST_A, vsid, destination, 0x806, arp))
                        .onlyPa();
                assertThat(TestGateway.inner(reply, Net.HOST_A, Net.HOST_A_MAC, vsid))
                        .isEqualTo(
                                Wire.ethernet(Net.VM1_MAC, mac, 0x806, Wire.arp(2, mac, target, Net.VM1_MAC, Net.VM1)));
            }
        }
    }

    /** A host got another MAC while nobody sent to it; milliseconds are told in 32 bits, in which 30 days lie in the future. */
    @Test
    void aNeighbourIsLookedUpAgainAfterWeeks() {
        byte[] frame = Net.fromVm1(1, Net.udp(Net.VM1, Net.VM2, 4000, 53));
        assertThat(Wire.mac(gateway.intoPa(frame).onlyPa(), 0)).isEqualTo(Net.HOST_B_MAC);
        FixedNeighbors.remove(gateway.neighbors, Net.PA_PORT, Net.HOST_B);
        FixedNeighbors.add(gateway.neighbors, Net.PA_PORT, Net.HOST_B, Net.HOST_B_MAC + 1);
        gateway.turnAfter(30L * 86_400_000);
        assertThat(Wire.mac(gateway.intoPa(frame).onlyPa(), 0)).isEqualTo(Net.HOST_B_MAC + 1);
    }

    /** The form in which the gateway shares the VMs' VSID: inner destination is the default gateway's MAC. */
    @Test
    void acceptsTheVmsOwnVsidWithTheRoutersMac() {
        byte[] ip = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
        gateway.intoPa(Net.nvgre(Net.HOST_A, Net.VM_VSID[1], Net.DG_MAC, 0x800, ip))
                .onlyExt();
        gateway.intoPa(Net.fromVm1(1, ip)).onlyExt();
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(1);
    }

    @Test
    @Requirement({
        "nat-behaviour 89",
        "nat-behaviour 90",
        "nat-behaviour M1",
        "RFC 7637 4.3",
        "RFC 7637 4.5",
        "RFC 7637 3.2a"
    })
    void vmReachesVmOfItsTenant() {
        byte[] ip = Net.udp(Net.VM1, Net.VM2, 4000, 53);
        byte[] inner = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, ip)).onlyPa(), Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]);
        assertThat(Wire.mac(inner, 0)).isEqualTo(Net.VM2_MAC);
        byte[] sent = Wire.slice(inner, 14);
        Wire.requireRight(sent);
        assertThat(Wire.u8(sent, 8)).isEqualTo(63);
        assertThat(Wire.slice(sent, 12)).isEqualTo(Wire.slice(ip, 12));
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isZero();
    }

    @Test
    void vmReachesVmWithAnyProtocol() {
        byte[] ip = Wire.ipv4(Net.VM1, Net.VM2, 50, new byte[40]);
        assertThat(gateway.intoPa(Net.fromVm1(1, ip)).onlyPa()).isNotEmpty();
    }

    @Test
    @Requirement({"nat-behaviour 90", "RFC 7637 3.2b", "RFC 7637 4.1"})
    void flowIdsDifferByFlowAndStayWithinOne() {
        int first = flowId(4000);
        assertThat(flowId(4000)).isEqualTo(first);
        assertThat(java.util.stream.IntStream.range(1, 64)
                        .map(this::flowId)
                        .distinct()
                        .count())
                .isGreaterThan(30);
    }

    private int flowId(int port) {
        byte[] frame = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.VM2, port, 53)))
                .onlyPa();
        return Wire.u8(frame, 14 + 20 + 7);
    }

    @Test
    @Requirement({"nat-behaviour 66", "RFC 1122 2.4", "RFC 7637 3.2g"})
    void paddingIsCutOff() {
        byte[] padded = java.util.Arrays.copyOf(Net.udp(Net.VM1, Net.SERVER, 4000, 53), 100);
        assertThat(gateway.intoPa(Net.fromVm1(1, padded)).onlyExt()).hasSize(14 + 33);
        byte[] frame = java.util.Arrays.copyOf(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)), 60);
        assertThat(gateway.intoExt(frame).onlyPa()).hasSize(14 + 42 + 33);
    }

    @Test
    @Requirement("RFC 7637 3.2f")
    void vlansOfBothLinks() {
        gateway.tables.ownAddresses.put(new OwnAddresses.Row(Net.GATEWAY_PA, OwnAddresses.PROVIDER, 24, 7));
        gateway.tables.ownAddresses.put(new OwnAddresses.Row(Net.NAT[1], OwnAddresses.NAT, 32, 9));
        gateway.tables.providerFib.put(
                new FibRow(0, Wire.address("10.10.10.0"), 24, FibEntry.ON_LINK, 0, 0, 7, Net.GATEWAY_PA, 0));
        gateway.tables.externalFib.put(
                new FibRow(0, Wire.address("203.0.113.0"), 24, FibEntry.ON_LINK, 0, 0, 9, Net.EXTERNAL, 0));
        gateway.tables.epochs.bumpExternal();
        byte[] untagged = Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] sent = gateway.intoPa(Wire.tagged(Net.PA_MAC, Net.HOST_A_MAC, 7, 0x800, Wire.slice(untagged, 14)))
                .onlyExt();
        assertThat(Wire.i32(sent, 12)).isEqualTo(0x81000009);
        assertThat(Wire.u16(sent, 16)).isEqualTo(0x800);
        Wire.requireRight(Wire.slice(sent, 18));
        byte[] back = Wire.tagged(Net.EXT_MAC, Net.SERVER_MAC, 9, 0x800, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        byte[] pa = gateway.intoExt(back).onlyPa();
        assertThat(Wire.i32(pa, 12)).isEqualTo(0x81000007);
        assertThat(Wire.i32(pa, 16 + 2 + 20)).isEqualTo(0x20006558);
        long asker = 0x020000000009L;
        byte[] arp = Wire.tagged(0xffffffffffffL, asker, 9, 0x806, Wire.arp(1, asker, Net.SERVER, 0, Net.NAT[1]));
        assertThat(gateway.intoExt(arp).onlyExt())
                .isEqualTo(Wire.tagged(
                        asker, Net.EXT_MAC, 9, 0x806, Wire.arp(2, Net.EXT_MAC, Net.NAT[1], asker, Net.SERVER)));
    }

    /** RFC 6040: congestion outside reaches the inner packet, ECN and DSCP inside are copied outside. */
    @Test
    @Requirement({"nat-behaviour 84", "RFC 6040 4.1", "RFC 6040 4.2", "RFC 2983 3.1", "RFC 1812 5.3.3"})
    void ecnGoesInAndOut() {
        byte[] ip = Wire.ipv4(
                Net.VM1,
                Net.SERVER,
                Wire.UDP,
                64,
                0,
                0x4000,
                0xb9,
                Wire.udp(Net.VM1, Net.SERVER, 4000, 53, new byte[1]));
        byte[] gre = Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 0, Wire.ethernet(Net.GATEWAY_MAC, 2, 0x800, ip));
        byte[] outer = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, 64, 0, 0x4000, 3, gre);
        byte[] sent = TestGateway.ip(
                gateway.intoPa(Wire.ethernet(Net.PA_MAC, 2, 0x800, outer)).onlyExt());
        Wire.requireRight(sent);
        assertThat(Wire.u8(sent, 1)).isEqualTo(0xbb);
        byte[] back = Wire.ipv4(
                Net.SERVER,
                Net.NAT[1],
                Wire.UDP,
                64,
                0,
                0x4000,
                0xb9,
                Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[1]));
        byte[] frame = gateway.intoExt(Net.fromOutside(back)).onlyPa();
        assertThat(Wire.u8(frame, 15)).isEqualTo(0xb9);
        Wire.requireRight(Wire.slice(frame, 14));
    }

    @Test
    @Requirement({"nat-behaviour 91", "RFC 4787 REQ-13a", "RFC 791 3.2", "RFC 4459 3.4"})
    void tooBigWithoutDfIsFragmentedAndAddsUp() {
        byte[] data = new byte[4000];
        new Random(1).nextBytes(data);
        byte[] udp = Wire.udp(Net.VM1, Net.SERVER, 4000, 53, data);
        TestGateway.Sent sent =
                gateway.intoPa(Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, 64, 77, 0, 0, udp)));
        assertThat(sent.pa()).isEmpty();
        byte[] whole = reassemble(sent.ext(), 1500);
        assertThat(Wire.l4Sum(Net.NAT[1], Net.SERVER, Wire.UDP, whole)).isEqualTo(0xffff);
        assertThat(Wire.slice(whole, 8)).isEqualTo(data);
        assertThat(gateway.count(WorkerCounter.FRAGMENTS_SENT)).isEqualTo(3);
    }

    /** Fragments of the server follow their first one to the VM, and are made smaller where NVGRE needs room. */
    @Test
    void fragmentsGoThroughTheNatBothWays() {
        byte[] data = new byte[2800];
        new Random(2).nextBytes(data);
        byte[] out = Wire.udp(Net.VM1, Net.SERVER, 4000, 53, data);
        List<byte[]> ext = gateway.intoPa(
                        Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, 64, 5, 0x2000, 0, part(out, 0, 1424))),
                        Net.fromVm1(
                                1,
                                Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, 64, 5, 178, 0, part(out, 1424, out.length))))
                .ext();
        byte[] whole = reassemble(ext, 1500);
        assertThat(Wire.l4Sum(Net.NAT[1], Net.SERVER, Wire.UDP, whole)).isEqualTo(0xffff);

        byte[] in = Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, data);
        List<byte[]> pa = gateway.intoExt(
                        Net.fromOutside(
                                Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 6, 0x2000, 0, part(in, 0, 1480))),
                        Net.fromOutside(
                                Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 6, 185, 0, part(in, 1480, in.length))))
                .pa();
        List<byte[]> inner = pa.stream()
                .map(f -> TestGateway.inner(f, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]))
                .toList();
        byte[] delivered = reassemble(inner, 1458);
        assertThat(Wire.l4Sum(Net.SERVER, Net.VM1, Wire.UDP, delivered)).isEqualTo(0xffff);
        assertThat(Wire.slice(delivered, 8)).isEqualTo(data);
        assertThat(gateway.drops()).isEmpty();
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return java.util.Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] reassemble(List<byte[]> frames, int mtu) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int i = 0; i < frames.size(); i++) {
            byte[] ip = TestGateway.ip(frames.get(i));
            Wire.requireRight(ip);
            assertThat(ip.length).isLessThanOrEqualTo(mtu);
            assertThat((Wire.u16(ip, 6) & 0x1fff) * 8).isEqualTo(whole.size());
            assertThat((Wire.u16(ip, 6) & 0x2000) != 0).isEqualTo(i < frames.size() - 1);
            whole.writeBytes(Wire.slice(ip, 20));
        }
        return whole.toByteArray();
    }

    /** Random damage to good packets: no exception, no lost buffer, and every packet is sent, answered or counted. */
    @Test
    void damagedPacketsAreSentOrCounted() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[][] pa = {
            Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)),
            Net.fromVm1(1, Net.tcp(Net.VM1, Net.FAR, 4000, 80, 2)),
            Net.fromVm1(1, Net.udp(Net.VM1, Net.VM2, 1, 2)),
            Net.fromVm1(1, Net.ping(Net.VM1, Net.GATEWAY_CA, 1)),
            Net.nvgre(Net.HOST_A, Net.VM_VSID[1], 0xffffffffffffL, 0x806, Wire.arp(1, Net.VM1_MAC, Net.VM1, 0, Net.DG))
        };
        byte[][] ext = {
            Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)),
            Net.fromOutside(
                    Wire.ipv4(Net.SERVER, Net.NAT[1], 1, Wire.icmp(3, 1, 0, Net.udp(Net.NAT[1], Net.SERVER, 4000, 53))))
        };
        for (int i = 0; i < 20_000; i++) {
            boolean fromPa = random.nextInt(3) > 0;
            byte[][] from = fromPa ? pa : ext;
            byte[] frame = from[random.nextInt(from.length)].clone();
            for (int n = random.nextInt(4); n > 0; n--) {
                frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            }
            if (random.nextInt(4) == 0) {
                frame = java.util.Arrays.copyOf(frame, random.nextInt(frame.length + 1));
            }
            long before = counted();
            long handled = gateway.count(WorkerCounter.ARP_HANDLED);
            int held = gateway.mbufsHeld();
            TestGateway.Sent sent = fromPa ? gateway.intoPa(frame) : gateway.intoExt(frame);
            long outcomes = sent.pa().size() + sent.ext().size() + counted() - before;
            boolean learned = gateway.count(WorkerCounter.ARP_HANDLED) > handled;
            boolean waits = gateway.mbufsHeld() > held;
            assertThat(outcomes > 0 || learned || waits)
                    .as("seed " + seed + " round " + i)
                    .isTrue();
        }
        gateway.turnsAfter(Fragments.LIFETIME_MS);
        assertThat(gateway.mbufsHeld()).as("seed " + seed).isZero();
    }

    private long counted() {
        return gateway.drops().values().stream().mapToLong(Long::longValue).sum();
    }
}
