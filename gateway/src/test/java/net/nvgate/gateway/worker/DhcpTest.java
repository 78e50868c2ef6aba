package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.DhcpTable;
import net.nvgate.gateway.route.MacTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** DHCP of VM 1 of tenant 1, whose record says 192.168.1.3. Tenant 2 has the same addresses, and DHCP of its own. */
@ExtendWith(EalExtension.class)
class DhcpTest {

    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int DECLINE = 4;
    private static final int ACK = 5;
    private static final int NAK = 6;
    private static final int RELEASE = 7;
    private static final int INFORM = 8;
    private static final int XID = 0x12345678;
    private static final int BROADCAST = 0x8000;
    private static final int DNS = Wire.address("192.168.1.53");
    private static final int LEASE = 3600;

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = new TestGateway();
        for (int tenant = 1; tenant <= 2; tenant++) {
            int vsid = Net.VM_VSID[tenant];
            gateway.tables.dhcp.put(
                    new DhcpTable.Row(vsid, Net.DG, LEASE, 1458, List.of(DNS, Net.VM2), "t" + tenant + ".example"));
            gateway.tables.macs.put(new MacTable.Row(vsid, Net.VM1_MAC, Net.VM1, Net.HOST_A));
        }
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    /** A client's message under construction. */
    private static final class Message {
        private final ByteBuffer fixed = ByteBuffer.allocate(240);
        private final ByteArrayOutputStream options = new ByteArrayOutputStream();

        Message(int type) {
            fixed.put(0, (byte) 1).put(1, (byte) 1).put(2, (byte) 6).putInt(4, XID);
            fixed.putShort(28, (short) (Net.VM1_MAC >>> 32)).putInt(30, (int) Net.VM1_MAC);
            fixed.putInt(236, 0x63825363);
            option(53, (byte) type);
        }

        Message flags(int flags) {
            fixed.putShort(10, (short) flags);
            return this;
        }

        Message ciaddr(int address) {
            fixed.putInt(12, address);
            return this;
        }

        Message mac(long mac) {
            fixed.putShort(28, (short) (mac >>> 32)).putInt(30, (int) mac);
            return this;
        }

        Message at(int offset, int value) {
            fixed.put(offset, (byte) value);
            return this;
        }

        Message option(int code, byte... data) {
            options.write(code);
            options.write(data.length);
            options.writeBytes(data);
            return this;
        }

        Message address(int code, int address) {
            return option(code, ByteBuffer.allocate(4).putInt(address).array());
        }

        byte[] bytes() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(fixed.array());
            all.writeBytes(options.toByteArray());
            all.write(255);
            return all.toByteArray();
        }
    }

    private static byte[] packet(int source, int destination, byte[] message) {
        return Wire.ipv4(source, destination, Wire.UDP, Wire.udp(source, destination, 68, 67, message));
    }

    private static byte[] byBroadcast(int tenant, int source, byte[] message) {
        return Net.nvgre(Net.HOST_A, Net.VM_VSID[tenant], 0xffffffffffffL, 0x800, packet(source, -1, message));
    }

    private TestGateway.Sent send(Message message) {
        return gateway.intoPa(byBroadcast(1, 0, message.bytes()));
    }

    /** A server's message taken apart. */
    private record Reply(int destination, int type, int yiaddr, int ciaddr, int flags, Map<Integer, byte[]> options) {
        int address(int code) {
            return ByteBuffer.wrap(option(code)).getInt();
        }

        byte[] option(int code) {
            return Objects.requireNonNull(options.get(code));
        }
    }

    private static Reply read(TestGateway.Sent sent, int tenant) {
        byte[] inner = TestGateway.inner(sent.onlyPa(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[tenant]);
        assertThat(Wire.mac(inner, 0)).isEqualTo(Net.VM1_MAC);
        byte[] ip = Wire.slice(inner, 14);
        Wire.requireRight(ip);
        assertThat(Wire.i32(ip, 12)).as("from the server identifier").isEqualTo(Net.GATEWAY_CA);
        assertThat(Wire.i32(ip, 20)).isEqualTo(67 << 16 | 68);
        byte[] dhcp = Wire.slice(ip, 28);
        assertThat(dhcp.length).isGreaterThanOrEqualTo(300);
        assertThat(Wire.i32(dhcp, 0)).isEqualTo(0x02010600);
        assertThat(Wire.i32(dhcp, 4)).isEqualTo(XID);
        assertThat(Wire.mac(dhcp, 28)).isEqualTo(Net.VM1_MAC);
        assertThat(Wire.i32(dhcp, 236)).isEqualTo(0x63825363);
        Map<Integer, byte[]> options = new TreeMap<>();
        int i = 240;
        while (Wire.u8(dhcp, i) != 255) {
            options.put(Wire.u8(dhcp, i), Wire.slice(dhcp, i + 2, Wire.u8(dhcp, i + 1)));
            i += 2 + Wire.u8(dhcp, i + 1);
        }
        return new Reply(
                Wire.i32(ip, 16),
                Objects.requireNonNull(options.get(53))[0],
                Wire.i32(dhcp, 16),
                Wire.i32(dhcp, 12),
                Wire.u16(dhcp, 10),
                options);
    }

    @Test
    @Requirement({"RFC 2131 2", "RFC 2131 3.1", "RFC 2131 4.1"})
    void discoverAndRequestGiveTheAddressOfTheLookupRecord() {
        Reply offer = read(send(new Message(DISCOVER)), 1);
        assertThat(offer.type).isEqualTo(OFFER);
        assertThat(offer.yiaddr).isEqualTo(Net.VM1);
        assertThat(offer.destination).isEqualTo(Net.VM1);
        Reply ack = read(send(new Message(REQUEST).address(50, Net.VM1).address(54, offer.address(54))), 1);
        assertThat(ack.type).isEqualTo(ACK);
        assertThat(ack.yiaddr).isEqualTo(Net.VM1);
        assertThat(ack.options.keySet()).containsExactly(1, 3, 6, 15, 26, 51, 53, 54, 58, 59);
        assertThat(ack.address(1)).isEqualTo(0xffffff00);
        assertThat(ack.address(3)).isEqualTo(Net.DG);
        assertThat(ByteBuffer.wrap(ack.option(6)).getLong()).isEqualTo((long) DNS << 32 | (Net.VM2 & 0xffffffffL));
        assertThat(new String(ack.option(15), StandardCharsets.US_ASCII)).isEqualTo("t1.example");
        assertThat(Wire.u16(ack.option(26), 0)).isEqualTo(1458);
        assertThat(ack.address(51)).isEqualTo(LEASE);
        assertThat(ack.address(54)).isEqualTo(Net.GATEWAY_CA);
        assertThat(ack.address(58)).isEqualTo(LEASE / 2);
        assertThat(ack.address(59)).isEqualTo(LEASE * 7 / 8);
        assertThat(gateway.count(WorkerCounter.DHCP_OFFERS)).isEqualTo(1);
        assertThat(gateway.count(WorkerCounter.DHCP_ACKS)).isEqualTo(1);
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"RFC 2131 3.1", "nat-behaviour 9"})
    void eachTenantHasASubnetsSettingsOfItsOwn() {
        Reply offer = read(gateway.intoPa(byBroadcast(2, 0, new Message(DISCOVER).bytes())), 2);
        assertThat(new String(offer.option(15), StandardCharsets.US_ASCII)).isEqualTo("t2.example");
    }

    @Test
    @Requirement("RFC 2131 4.1")
    void theReplyIsABroadcastIfTheClientCannotTakeUnicast() {
        Reply offer = read(send(new Message(DISCOVER).flags(BROADCAST)), 1);
        assertThat(offer.destination).isEqualTo(-1);
        assertThat(offer.flags).isEqualTo(BROADCAST);
        assertThat(offer.yiaddr).isEqualTo(Net.VM1);
    }

    /** SELECTING, INIT-REBOOT, RENEWING and REBINDING differ in where the client says its address. */
    @Test
    @Requirement("RFC 2131 4.3.2")
    void requestsInEveryStateAreAcknowledgedForTheRightAddressAndRefusedForAWrongOne() {
        int wrong = Wire.address("192.168.1.99");
        assertThat(read(send(new Message(REQUEST).address(50, Net.VM1)), 1).type)
                .isEqualTo(ACK);
        byte[] renew = new Message(REQUEST).ciaddr(Net.VM1).bytes();
        byte[] toUs = Net.nvgre(
                Net.HOST_A, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, packet(Net.VM1, Net.GATEWAY_CA, renew));
        Reply renewed = read(gateway.intoPa(toUs), 1);
        assertThat(renewed.type).isEqualTo(ACK);
        assertThat(renewed.destination).isEqualTo(Net.VM1);
        assertThat(renewed.ciaddr).isEqualTo(Net.VM1);
        Reply rebound = read(gateway.intoPa(byBroadcast(1, Net.VM1, renew)), 1);
        assertThat(rebound.type).isEqualTo(ACK);
        for (Message bad : List.of(
                new Message(REQUEST).address(50, wrong).address(54, Net.GATEWAY_CA),
                new Message(REQUEST).address(50, wrong),
                new Message(REQUEST).ciaddr(wrong),
                new Message(REQUEST).address(50, Net.VM1).ciaddr(Net.VM1),
                new Message(REQUEST).address(54, Net.GATEWAY_CA))) {
            Reply nak = read(send(bad), 1);
            assertThat(nak.type).isEqualTo(NAK);
            assertThat(nak.destination).isEqualTo(-1);
            assertThat(nak.yiaddr).isZero();
            assertThat(nak.ciaddr).isZero();
            assertThat(nak.options.keySet()).containsExactly(53, 54);
        }
        assertThat(gateway.count(WorkerCounter.DHCP_NAKS)).isEqualTo(5);
        assertThat(send(new Message(REQUEST).address(50, Net.VM1).address(54, Net.DG))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.DHCP_OTHER_SERVER, 1L));
    }

    @Test
    @Requirement("RFC 2131 4.3.5")
    void informGetsSettingsWithoutAddressAndLease() {
        Reply ack = read(
                gateway.intoPa(byBroadcast(
                        1, Net.VM1, new Message(INFORM).ciaddr(Net.VM1).bytes())),
                1);
        assertThat(ack.type).isEqualTo(ACK);
        assertThat(ack.destination).isEqualTo(Net.VM1);
        assertThat(ack.yiaddr).isZero();
        assertThat(ack.options.keySet()).containsExactly(1, 3, 6, 15, 26, 53, 54);
    }

    @Test
    @Requirement("RFC 2131 4.3.1")
    void declineAndReleaseAreCountedAndStrangersGetSilence() {
        assertThat(send(new Message(DECLINE).address(50, Net.VM1).address(54, Net.GATEWAY_CA))
                        .isEmpty())
                .isTrue();
        assertThat(send(new Message(RELEASE).ciaddr(Net.VM1).address(54, Net.GATEWAY_CA))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.count(WorkerCounter.DHCP_DECLINES)).isEqualTo(1);
        assertThat(gateway.count(WorkerCounter.DHCP_RELEASES)).isEqualTo(1);
        assertThat(gateway.drops()).isEmpty();
        send(new Message(DISCOVER).mac(0x001dd8b71c99L));
        send(new Message(DISCOVER).at(24, 10));
        byte[] elsewhere = packet(0, -1, new Message(DISCOVER).bytes());
        gateway.intoPa(Net.nvgre(Net.HOST_B, Net.VM_VSID[1], 0xffffffffffffL, 0x800, elsewhere));
        gateway.intoPa(Net.nvgre(Net.HOST_A, Net.VM_VSID[3], 0xffffffffffffL, 0x800, elsewhere));
        assertThat(gateway.drops())
                .isEqualTo(Map.of(
                        DropReason.DHCP_NO_RECORD, 2L, DropReason.SPOOFED_SOURCE, 1L, DropReason.DHCP_NOT_SERVED, 1L));
    }

    @Test
    @Requirement("RFC 2131 2")
    void whatIsNotAMessageOfAClientIsDropped() {
        List<Message> bad = List.of(
                new Message(DISCOVER).at(0, 2),
                new Message(DISCOVER).at(1, 6),
                new Message(DISCOVER).at(2, 8),
                new Message(DISCOVER).at(3, 17),
                new Message(DISCOVER).at(236, 0),
                new Message(0),
                new Message(OFFER),
                new Message(9),
                new Message(REQUEST).option(50, (byte) 1, (byte) 2),
                new Message(REQUEST).option(54),
                new Message(DISCOVER).option(53, (byte) 1, (byte) 1));
        bad.forEach(message -> assertThat(send(message).isEmpty()).isTrue());
        byte[] cut = new Message(DISCOVER).option(12, new byte[20]).bytes();
        for (int length = 0; length < 240; length += 7) {
            gateway.turnAfter(1000);
            gateway.intoPa(byBroadcast(1, 0, Wire.slice(cut, 0, length)));
        }
        gateway.intoPa(byBroadcast(1, 0, Wire.slice(cut, 0, 250)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.DHCP_MALFORMED, bad.size() + 36L));
    }

    /** RFC 2132 §9.3: options may go on in the file and server name fields. */
    @Test
    @Requirement("RFC 2131 4.1")
    void overloadedFieldsAreRead() {
        Message message = new Message(REQUEST).option(52, (byte) 1);
        byte[] requested = {50, 4, (byte) 192, (byte) 168, 1, 3, (byte) 255};
        for (int i = 0; i < requested.length; i++) {
            message.at(108 + i, requested[i]);
        }
        assertThat(read(send(message), 1).type).isEqualTo(ACK);
    }

    @Test
    @Requirement("RFC 2131 2")
    void noChangedMessageDoesHarm() {
        Random random = new Random(5);
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(new Message(DISCOVER)
                .option(55, (byte) 1, (byte) 3)
                .option(61, new byte[7])
                .bytes());
        seeds.add(new Message(REQUEST).address(50, Net.VM1).option(52, (byte) 3).bytes());
        int answered = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] message = seeds.get(round & 1).clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(4) == 0 ? random.nextInt(240) : 240 + random.nextInt(message.length - 240);
                message[at] = (byte) random.nextInt();
            }
            int length = random.nextInt(8) == 0 ? random.nextInt(message.length) : message.length;
            answered += gateway.intoPa(byBroadcast(1, 0, Wire.slice(message, 0, length)))
                            .isEmpty()
                    ? 0
                    : 1;
            gateway.turnAfter(20);
        }
        assertThat(answered).isBetween(400, 3999);
    }

    @Test
    @Requirement("RFC 2131 4.1")
    void aFloodIsLimitedByTenant() {
        for (int i = 0; i < DhcpServer.PER_SECOND + 5; i++) {
            send(new Message(DISCOVER));
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.DHCP_LIMITED, 5L));
        assertThat(gateway.intoPa(byBroadcast(2, 0, new Message(DISCOVER).bytes()))
                        .pa())
                .hasSize(1);
    }
}
