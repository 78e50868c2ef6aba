package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Fragments of tenants' packets through the NAT: in any order, both ways, wrong ones, and too many. */
@ExtendWith(EalExtension.class)
class FragmentTest {

    private TestGateway gateway;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeEach
    void open() {
        gateway = new TestGateway();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] packet(int protocol, int source, int destination, int port, int otherPort, int id, int size) {
        byte[] data = bytes(size);
        byte[] l4 = switch (protocol) {
            case Wire.TCP -> Wire.tcp(source, destination, port, otherPort, 0x10, data);
            case Wire.UDP -> Wire.udp(source, destination, port, otherPort, data);
            default -> Wire.icmp(source == Net.VM1 ? 8 : 0, 0, (4000 << 16) | 1, data);
        };
        return Wire.ipv4(source, destination, protocol, 64, id, 0, 0, l4);
    }

    private static byte[][] fromVm1(List<byte[]> pieces) {
        return pieces.stream().map(p -> Net.fromVm1(1, p)).toArray(byte[][]::new);
    }

    private static byte[][] fromOutside(List<byte[]> pieces) {
        return pieces.stream().map(Net::fromOutside).toArray(byte[][]::new);
    }

    private static List<byte[]> ext(TestGateway.Sent sent) {
        assertThat(sent.pa()).isEmpty();
        return sent.ext().stream().map(TestGateway::ip).toList();
    }

    private static List<byte[]> toVm1(TestGateway.Sent sent) {
        assertThat(sent.ext()).isEmpty();
        return sent.pa().stream()
                .map(f -> TestGateway.ip(TestGateway.inner(f, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1])))
                .toList();
    }

    private List<byte[]> sendOut(List<byte[]> pieces) {
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i += Burst.MAX) {
            sent.addAll(ext(gateway.intoPa(fromVm1(pieces.subList(i, Math.min(pieces.size(), i + Burst.MAX))))));
        }
        return sent;
    }

    private List<byte[]> sendIn(List<byte[]> pieces) {
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i += Burst.MAX) {
            sent.addAll(toVm1(gateway.intoExt(fromOutside(pieces.subList(i, Math.min(pieces.size(), i + Burst.MAX))))));
        }
        return sent;
    }

    private static byte[] data(byte[] ip) {
        return Wire.slice(ip, Wire.u8(ip, 9) == Wire.TCP ? 40 : 28);
    }

    private static int port(byte[] ip) {
        return Wire.u16(ip, Wire.u8(ip, 9) == Wire.ICMP ? 24 : 20);
    }

    /** TCP, UDP and ICMP out and back, every fragmentation and order at random: the datagrams are what they were. */
    @Test
    @Requirement({"nat-behaviour 67", "RFC 4787 REQ-14", "RFC 791 3.2"})
    void anyOrderBothWays() {
        int[] external = new int[256];
        for (int i = 0; i < 150; i++) {
            int protocol = new int[] {Wire.TCP, Wire.UDP, Wire.ICMP}[i % 3];
            String round = "seed " + seed + " round " + i;
            byte[] out = packet(protocol, Net.VM1, Net.SERVER, 4000, 80, i, 200 + random.nextInt(6000));
            List<byte[]> pieces = Pieces.cut(out, 24, random);
            Collections.shuffle(pieces, random);
            byte[] left = Pieces.join(sendOut(pieces));
            assertThat(data(left)).as(round).isEqualTo(data(out));
            assertThat(Wire.i32(left, 12)).as(round).isEqualTo(Net.NAT[1]);
            external[protocol] = external[protocol] == 0 ? port(left) : external[protocol];
            assertThat(port(left)).as(round).isEqualTo(external[protocol]);

            byte[] in = packet(protocol, Net.SERVER, Net.NAT[1], 80, port(left), i, 200 + random.nextInt(6000));
            if (protocol == Wire.ICMP) {
                in = Wire.ipv4(
                        Net.SERVER, Net.NAT[1], 1, 64, i, 0, 0, Wire.icmp(0, 0, (port(left) << 16) | 1, data(in)));
            }
            pieces = Pieces.cut(in, 24, random);
            Collections.shuffle(pieces, random);
            byte[] delivered = Pieces.join(sendIn(pieces));
            assertThat(data(delivered)).as(round).isEqualTo(data(in));
            assertThat(Wire.i32(delivered, 16)).as(round).isEqualTo(Net.VM1);
        }
        assertThat(gateway.drops()).as("seed " + seed).isEmpty();
        assertThat(gateway.mbufsHeld()).isZero();
    }

    /** What waited goes on in the order it came, behind the first fragment. */
    @Test
    @Requirement({"nat-behaviour 67", "RFC 4787 REQ-14"})
    void heldOnesFollowTheFirstInOrderOfArrival() {
        List<byte[]> pieces = Pieces.cut(packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992), 200);
        assertThat(pieces).hasSize(5);
        List<byte[]> order = List.of(pieces.get(4), pieces.get(2), pieces.get(3));
        assertThat(sendOut(order)).isEmpty();
        assertThat(gateway.mbufsHeld()).isEqualTo(3);
        List<byte[]> sent = sendOut(List.of(pieces.get(0), pieces.get(1)));
        assertThat(sent.stream().map(p -> Wire.u16(p, 6) & 0x1fff)).containsExactly(0, 25, 100, 50, 75);
        assertThat(gateway.count(WorkerCounter.FRAGMENTS_HELD)).isEqualTo(3);
        assertThat(gateway.mbufsHeld()).isZero();
    }

    @Test
    @Requirement({"nat-behaviour 68", "RFC 4787 REQ-14"})
    void betweenVmsWithoutNat() {
        List<byte[]> pieces = Pieces.cut(packet(Wire.UDP, Net.VM1, Net.VM2, 4000, 53, 9, 992), 200);
        Collections.reverse(pieces);
        List<byte[]> sent = gateway.intoPa(fromVm1(pieces)).pa().stream()
                .map(f -> TestGateway.ip(TestGateway.inner(f, Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1])))
                .toList();
        byte[] joined = Pieces.join(sent);
        assertThat(Wire.i32(joined, 12)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(joined, 4)).isEqualTo(9);
    }

    @Test
    @Requirement({"nat-behaviour 69", "RFC 4787 REQ-14"})
    void toARuleOutOfOrder() {
        gateway.rule(1, Wire.UDP, 5000, Net.VM1, 53);
        List<byte[]> pieces = Pieces.cut(packet(Wire.UDP, Net.SERVER, Net.NAT[1], 999, 5000, 9, 992), 200);
        Collections.reverse(pieces);
        byte[] joined = Pieces.join(sendIn(pieces));
        assertThat(Wire.u16(joined, 22)).isEqualTo(53);
    }

    @Test
    @Requirement({"nat-behaviour 54", "RFC 4787 REQ-9", "RFC 4787 REQ-14"})
    void hairpinnedInAnyOrder() {
        gateway.rule(2, Wire.UDP, 5000, Net.VM2, 53);
        for (int i = 0; i < 20; i++) {
            byte[] out = packet(Wire.UDP, Net.VM1, Net.NAT[2], 4000, 5000, i, 1000 + random.nextInt(2000));
            List<byte[]> pieces = Pieces.cut(out, 24, random);
            Collections.shuffle(pieces, random);
            List<byte[]> sent = new ArrayList<>();
            for (byte[] piece : pieces) {
                gateway.intoPa(Net.fromVm1(1, piece)).pa().stream()
                        .map(f -> TestGateway.ip(TestGateway.inner(f, Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[2])))
                        .forEach(sent::add);
            }
            byte[] joined = Pieces.join(sent);
            assertThat(data(joined)).as("seed " + seed + " round " + i).isEqualTo(data(out));
            assertThat(Wire.i32(joined, 12)).isEqualTo(Net.NAT[1]);
        }
        assertThat(gateway.drops()).isEmpty();
    }

    /** The same identification from two VMs to one server: the server must not mix them up. */
    @Test
    @Requirement({"RFC 6864 5.3.1", "RFC 7857 10"})
    void identificationsOfTwoVmsDiffer() {
        gateway.record(1, Net.VM2, Net.VM_VSID[1], Net.VM2_MAC, Net.HOST_A, 0);
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            for (int vm : new int[] {Net.VM1, Net.VM2}) {
                List<byte[]> pieces = Pieces.cut(packet(Wire.UDP, vm, Net.SERVER, 4000, 53, i, 600), 200);
                byte[] fragmented = Pieces.join(sendOut(pieces));
                byte[] whole = sendOut(List.of(packet(Wire.UDP, vm, Net.SERVER, 4000, 53, i, 60)))
                        .getFirst();
                Wire.requireRight(whole);
                assertThat(ids.add(Wire.u16(fragmented, 4))).isTrue();
                assertThat(ids.add(Wire.u16(whole, 4))).isTrue();
            }
        }
    }

    @Test
    @Requirement({"RFC 6864 4.2", "RFC 6864 5.3.1"})
    void identificationsDoNotComeBackSoon() {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            byte[] packet = packet(Wire.UDP, Net.VM1, Net.SERVER, 4000 + i % 7, 53, 1, 1);
            ids.add(Wire.u16(sendOut(List.of(packet)).getFirst(), 4));
        }
        assertThat(ids).hasSize(5000);
        byte[] atomic = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
        atomic[4] = 0x12;
        atomic[5] = 0x34;
        byte[] sent = sendOut(List.of(Wire.fixIp(atomic))).getFirst();
        assertThat(Wire.u16(sent, 4)).isEqualTo(0x1234);
        assertThat(Wire.u16(sent, 6)).isEqualTo(0x4000);
    }

    /** ICMP errors of VMs leave by the same address, and may be fragmented, too. */
    @Test
    @Requirement("RFC 6864 5.3.1")
    void errorsOfVmsGetIdentificationsOfTheirOwn() {
        byte[] own = sendOut(List.of(Net.udp(Net.VM1, Net.SERVER, 4000, 53))).getFirst();
        byte[] reply = Net.udp(Net.SERVER, Net.NAT[1], 53, port(own));
        byte[] delivered = sendIn(List.of(reply)).getFirst();
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            byte[] error = Wire.ipv4(Net.VM1, Net.SERVER, 1, 64, 5, 0, 0, Wire.icmp(3, 3, 0, delivered));
            byte[] sent = sendOut(List.of(error)).getFirst();
            Wire.requireRight(sent);
            ids.add(Wire.u16(sent, 4));
        }
        assertThat(ids).hasSize(100);
    }

    /** After an overlap nothing of the datagram goes on, what waited neither. */
    @Test
    @Requirement({"RFC 5722 3", "RFC 1858 4.2"})
    void overlapEndsTheDatagram() {
        byte[] packet = packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992);
        assertThat(sendOut(List.of(Pieces.piece(packet, 400, 600)))).isEmpty();
        assertThat(sendOut(List.of(Pieces.piece(packet, 592, 800)))).isEmpty();
        assertThat(sendOut(List.of(Pieces.piece(packet, 0, 400)))).isEmpty();
        assertThat(sendOut(List.of(Pieces.piece(packet, 800, 1000)))).isEmpty();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 4L));
        assertThat(gateway.mbufsHeld()).isZero();
    }

    /** A last fragment that contradicts what was seen, either way round. */
    @Test
    @Requirement("RFC 5722 3")
    void twoEndsAreAnOverlap() {
        byte[] shorter = packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 592);
        byte[] longer = packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992);
        sendOut(List.of(Pieces.piece(shorter, 400, 600), Pieces.piece(longer, 800, 1000)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 2L));
        byte[] other = packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 10, 992);
        byte[] end = packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 10, 592);
        sendOut(List.of(Pieces.piece(other, 800, 1000), Pieces.piece(end, 400, 600)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 4L));
    }

    /** A duplicate is dropped alone. */
    @Test
    @Requirement("RFC 5722 3")
    void duplicateIsDroppedAndTheRestGoesOn() {
        byte[] packet = packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992);
        List<byte[]> pieces = Pieces.cut(packet, 400);
        List<byte[]> sent = sendOut(List.of(pieces.get(0), pieces.get(1), pieces.get(1), pieces.get(2)));
        assertThat(data(Pieces.join(sent))).isEqualTo(data(packet));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 1L));
    }

    @Test
    @Requirement({"RFC 1858 3.2", "RFC 1858 4.2", "RFC 3128 2"})
    void tinyFragmentsOfTcpDoNotPass() {
        byte[] packet = packet(Wire.TCP, Net.VM1, Net.SERVER, 4000, 80, 9, 500);
        assertThat(sendOut(List.of(Pieces.piece(packet, 0, 8)))).isEmpty();
        assertThat(sendOut(List.of(Pieces.piece(packet, 0, 16)))).isEmpty();
        assertThat(sendOut(List.of(Pieces.piece(packet, 8, 200)))).isEmpty();
        byte[] options = packet.clone();
        options[32] = (byte) 0x70;
        assertThat(sendOut(List.of(Pieces.piece(options, 0, 24)))).isEmpty();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_TINY, 4L));
        List<byte[]> whole = List.of(Pieces.piece(packet, 0, 24), Pieces.piece(packet, 24, 520));
        assertThat(data(Pieces.join(sendOut(whole)))).isEqualTo(data(packet));
    }

    @Test
    @Requirement({"RFC 791 3.2", "RFC 1122 3.3.2"})
    void waitingEnds() {
        List<byte[]> pieces = Pieces.cut(packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992), 200);
        sendOut(pieces.subList(1, 5));
        gateway.turnsAfter(Fragments.LIFETIME_MS - 200);
        assertThat(gateway.mbufsHeld()).isEqualTo(4);
        gateway.turnsAfter(200);
        assertThat(gateway.mbufsHeld()).isZero();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.FRAGMENT_TIMEOUT, 4L));
    }

    /** Orphans of one tenant, in any number, neither take another tenant's place nor hurt packets that are whole. */
    @Test
    @Requirement("RFC 4787 REQ-14a")
    void floodHurtsItsOwnTenantOnly() {
        List<byte[]> good = Pieces.cut(packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992), 200);
        assertThat(sendOut(good.subList(1, 5))).isEmpty();
        for (int i = 0; i < 2000; i++) {
            byte[] orphan =
                    Wire.ipv4(Net.VM1, Net.FAR, Wire.UDP, 64, i, 0x2000 | (1 + random.nextInt(50)), 0, new byte[64]);
            assertThat(gateway.intoPa(Net.fromVm1(2, orphan)).isEmpty()).isTrue();
        }
        assertThat(gateway.mbufsHeld()).isLessThanOrEqualTo(4 + TestGateway.CONFIG.fragmentedMax() / 8);
        assertThat(sendOut(List.of(Net.udp(Net.VM1, Net.SERVER, 4000, 53)))).hasSize(1);
        byte[] joined = Pieces.join(sendOut(good.subList(0, 1)));
        assertThat(joined).hasSize(20 + 1000);
    }

    /** Outside nobody knows the tenant yet: the share is the external address's. */
    @Test
    @Requirement("RFC 4787 REQ-14a")
    void floodFromOutsideHurtsItsAddressOnly() {
        gateway.rule(1, Wire.UDP, 5000, Net.VM1, 53);
        List<byte[]> good = Pieces.cut(packet(Wire.UDP, Net.SERVER, Net.NAT[1], 999, 5000, 9, 992), 200);
        assertThat(sendIn(good.subList(1, 5))).isEmpty();
        for (int i = 0; i < 2000; i++) {
            byte[] orphan = Wire.ipv4(
                    Net.SERVER + i % 50, Net.NAT[2], Wire.UDP, 64, i, 0x2000 | (1 + (i & 15)), 0, new byte[64]);
            gateway.intoExt(Net.fromOutside(orphan));
        }
        assertThat(Pieces.join(sendIn(good.subList(0, 1)))).hasSize(20 + 1000);
        byte[] stray = Wire.ipv4(Net.SERVER, Net.FAR, Wire.UDP, 64, 1, 0x2001, 0, new byte[64]);
        gateway.intoExt(Net.fromOutside(stray));
        assertThat(gateway.drops()).containsEntry(DropReason.NOT_OUR_ADDRESS, 1L);
    }

    /** The store is full of fragments whose wait is over when others come in the same burst. */
    @Test
    @Requirement("RFC 4787 REQ-14a")
    void aFullStoreInOneBurst() {
        gateway.close();
        gateway = new TestGateway(TestGateway.CONFIG.withMtu(new MtuConfig(true, 2, true, 16, true)));
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            for (byte[] piece : Pieces.cut(packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, i, 192), 104)) {
                frames.add(Net.fromVm1(1 + i % 3, piece));
            }
        }
        for (int round = 0; round < 500; round++) {
            Collections.shuffle(frames, random);
            gateway.intoPa(frames.toArray(byte[][]::new));
        }
        gateway.turnsAfter(Fragments.LIFETIME_MS);
        assertThat(gateway.mbufsHeld()).as("seed " + seed).isZero();
        assertThat(gateway.drops().keySet())
                .isSubsetOf(
                        DropReason.FRAGMENT_LIMIT,
                        DropReason.FRAGMENT_OVERLAP,
                        DropReason.FRAGMENT_TIMEOUT,
                        DropReason.NO_NAT);
    }

    /** As many tenants as you like flood: the one that has most gives way. */
    @Test
    @Requirement("RFC 4787 REQ-14a")
    void aFullTableTakesFromWhoHasMost() {
        byte[] first = Pieces.piece(packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992), 0, 400);
        byte[] second = Pieces.piece(packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992), 400, 1000);
        for (int i = 0; i < 400; i++) {
            byte[] orphan = Wire.ipv4(Net.SERVER, Net.NAT[1 + i % 2], Wire.UDP, 64, i, 0x2001, 0, new byte[64]);
            gateway.intoExt(Net.fromOutside(orphan));
            byte[] inside = Wire.ipv4(Net.VM1, Net.FAR, Wire.UDP, 64, i, 0x2001, 0, new byte[64]);
            gateway.intoPa(Net.fromVm1(2 + i % 2, inside));
        }
        assertThat(sendOut(List.of(second))).isEmpty();
        assertThat(sendOut(List.of(first))).hasSize(2);
    }

    /** The way of the fragments' own first one: an identification that is used again after the datagram is complete. */
    @Test
    @Requirement("RFC 4787 REQ-14")
    void identificationMayBeUsedAgainAtOnce() {
        for (int i = 0; i < 300; i++) {
            List<byte[]> pieces = Pieces.cut(packet(Wire.UDP, Net.VM1, Net.SERVER, 4000, 53, 9, 992), 400);
            assertThat(sendOut(pieces)).hasSize(3);
        }
        assertThat(gateway.drops()).isEmpty();
    }
}
