package net.nvgate.gateway.worker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.kept.KeptFile;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.kept.KeptWriter;
import net.nvgate.gateway.kept.RefusedException;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FTP and TFTP through the NAT, packet by packet. The VM is 192.168.1.3, its external address 203.0.113.10. */
@ExtendWith(EalExtension.class)
class AlgTest {

    private static final int SYN = 2;
    private static final int PSH_ACK = 24;
    private static final int ACK = 16;
    private static final String PORT = "PORT 192,168,1,3,200,100\r\n";

    private static final int FIRST_REMOTE = Wire.address("8.1.0.1");

    private TestGateway gateway;
    private int sequence = 1000;

    @BeforeEach
    void open() {
        gateway = new TestGateway();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void algs(int algs) {
        NatTable.Connection row = Objects.requireNonNull(gateway.tables.nat.connections.rowOf(1));
        NatSettingsRow d = NatSettingsRow.DEFAULT;
        NatSettingsRow settings = new NatSettingsRow(
                NatEntry.ADDRESS_AND_PORT_DEPENDENT,
                algs,
                0,
                d.udpMs(),
                d.tcpEstablishedMs(),
                d.tcpTransitoryMs(),
                d.icmpMs(),
                d.otherMs(),
                List.of());
        gateway.connection(new NatTable.Connection(
                row.externalIp(), 1, row.index(), row.portMin(), row.portMax(), row.generation(), settings));
    }

    private static byte[] segment(
            int source, int destination, int ports, int flags, int seq, int ack, byte[] options, String text) {
        byte[] data = text.getBytes(ISO_8859_1);
        ByteBuffer b = ByteBuffer.allocate(20 + options.length + data.length);
        b.putInt(ports)
                .putInt(seq)
                .putInt(ack)
                .put((byte) (0x50 + options.length * 4))
                .put((byte) flags);
        b.putShort((short) 8192).putInt(0).put(options).put(data);
        b.putShort(16, (short) ~Wire.l4Sum(source, destination, Wire.TCP, b.array()));
        return Wire.ipv4(source, destination, Wire.TCP, b.array());
    }

    private static String text(byte[] ip) {
        return new String(Wire.slice(ip, 40), ISO_8859_1);
    }

    /** A segment of the VM at a sequence number, as it leaves. */
    private byte[] out(int port, int remotePort, int flags, int seq, String text) {
        byte[] ip = segment(Net.VM1, Net.SERVER, port << 16 | remotePort, flags, seq, 7, new byte[0], text);
        byte[] sent = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, ip)).onlyExt());
        Wire.requireRight(sent);
        return sent;
    }

    /** What a client says next. */
    private byte[] says(String text) {
        byte[] sent = out(5000, 21, PSH_ACK, sequence, text);
        sequence += text.length();
        return sent;
    }

    private byte[] in(byte[] ip) {
        return gateway.intoExt(Net.fromOutside(ip)).insideVm1();
    }

    private boolean isLetIn(byte[] ip) {
        return !gateway.intoExt(Net.fromOutside(ip)).isEmpty();
    }

    private void connect() {
        out(5000, 21, SYN, sequence++, "");
        in(segment(Net.SERVER, Net.NAT[1], 21 << 16 | 5000, SYN | ACK, 6, sequence, new byte[0], ""));
        says("USER ftp\r\n");
    }

    private static byte[] dataSyn(int remote, int externalPort) {
        return segment(remote, Net.NAT[1], 20 << 16 | externalPort, SYN, 99, 0, new byte[0], "");
    }

    @Test
    void aTrialDoesNotUseUpWhatIsExpected() {
        connect();
        says(PORT);
        assertThat(WatchFixture.trial(gateway, Net.fromOutside(dataSyn(Net.SERVER, 51300)), false))
                .isNotNull();
        assertThat(gateway.worker.sessions().count())
                .as("the control connection")
                .isOne();
        assertThat(Wire.u16(in(dataSyn(Net.SERVER, 51300)), 22)).isEqualTo(51300);
        assertThat(gateway.drops()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PORT 192,168,1,3,200,100; PORT 203,0,113,10,200,100",
                "EPRT |1|192.168.1.3|51300|; EPRT |1|203.0.113.10|51300|"
            })
    @Requirement({"RFC 5382 REQ-6", "RFC 959 4.1.2", "RFC 2428 2"})
    void clientAnnouncesAndTheServerConnects(String said, String heard) {
        connect();
        byte[] sent = says(said + "\r\n");
        assertThat(text(sent)).isEqualTo(heard + "\r\n");
        assertThat(Wire.u16(sent, 2)).isEqualTo(40 + heard.length() + 2);
        byte[] syn = in(dataSyn(Net.SERVER, 51300));
        assertThat(Wire.i32(syn, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(syn, 22)).isEqualTo(51300);
        byte[] answer = out(51300, 20, SYN | ACK, 1, "");
        assertThat(Wire.i32(answer, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.u16(answer, 20)).isEqualTo(51300);
        assertThat(gateway.count(WorkerCounter.ALG_TRANSLATED)).isOne();
        assertThat(gateway.count(WorkerCounter.ALG_EXPECTED)).isOne();
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"RFC 5382 REQ-6", "RFC 959 4.1.2"})
    void numbersFollowTheLongerText() {
        connect();
        says(PORT);
        int grown = "203,0,113,10".length() - "192,168,1,3".length();
        byte[] next = says("RETR a\r\n");
        assertThat(Wire.i32(next, 24)).isEqualTo(sequence - 8 + grown);
        byte[] sack = {1, 1, 5, 10, 0, 0, 0, 0, 0, 0, 0, 0};
        ByteBuffer.wrap(sack).putInt(4, sequence - 8 + grown).putInt(8, sequence + grown);
        byte[] acked =
                in(segment(Net.SERVER, Net.NAT[1], 21 << 16 | 5000, ACK, 7, sequence - 8 + grown, sack, "200 ok\r\n"));
        assertThat(Wire.i32(acked, 28)).isEqualTo(sequence - 8);
        assertThat(Wire.i32(acked, 44)).isEqualTo(sequence - 8);
        assertThat(Wire.i32(acked, 48)).isEqualTo(sequence);
    }

    /** A control connection whose numbers are shifted goes on beyond a restart; it would stand still otherwise. */
    @Test
    @Requirement("RFC 959 4.1.2")
    void numbersAreShiftedBeyondARestart() {
        connect();
        says(PORT);
        int grown = "203,0,113,10".length() - "192,168,1,3".length();
        TestGateway old = gateway;
        gateway = new TestGateway();
        assertThat(Restart.of(old, gateway, 500)).isEqualTo(Map.of(KeptResult.RESTORED, 1L));
        byte[] next = says("RETR a\r\n");
        assertThat(Wire.i32(next, 24)).isEqualTo(sequence - 8 + grown);
        byte[] acked = in(
                segment(Net.SERVER, Net.NAT[1], 21 << 16 | 5000, ACK, 7, sequence + grown, new byte[0], "200 ok\r\n"));
        assertThat(Wire.i32(acked, 28)).isEqualTo(sequence);
    }

    /** Nobody reads it any more: without its shift both sides would wait for each other, so it is not there. */
    @Test
    @Requirement("RFC 959 4.1.2")
    void shiftedNumbersThatNobodyReadsEndTheConnection() {
        connect();
        says(PORT);
        TestGateway old = gateway;
        gateway = new TestGateway();
        algs(0);
        assertThat(Restart.of(old, gateway, 500)).isEqualTo(Map.of(KeptResult.POLICY, 1L));
        assertThat(gateway.worker.sessions().count()).isZero();
        assertThat(gateway.worker.nat().used()).isZero();
    }

    /** Nothing is shifted yet: it goes on unread, as any other connection. */
    @Test
    @Requirement("RFC 959 4.1.2")
    void aConnectionWithoutAShiftGoesOnUnread() {
        connect();
        TestGateway old = gateway;
        gateway = new TestGateway();
        algs(0);
        assertThat(Restart.of(old, gateway, 500)).isEqualTo(Map.of(KeptResult.RESTORED, 1L));
    }

    /** More control connections than there is room for: each is as it was, or it is not there, and that is counted. */
    @Test
    @Requirement("RFC 959 4.1.2")
    void whatFindsNoRoomForItsShiftIsCountedAndGone() {
        connect();
        says(PORT);
        int grown = "203,0,113,10".length() - "192,168,1,3".length();
        int copies = 5_000;
        Path file = copied(copies);
        gateway.close();
        gateway = new TestGateway(TestGateway.CONFIG.withSessionsMax(1 << 13));
        Map<KeptResult, Long> results = Restart.of(file, gateway, 500);
        long restored = results.getOrDefault(KeptResult.RESTORED, 0L);
        assertThat(results).containsOnlyKeys(KeptResult.RESTORED, KeptResult.NO_ROOM);
        assertThat(restored + results.getOrDefault(KeptResult.NO_ROOM, 0L)).isEqualTo(copies);
        assertThat(restored).as("one tenant's share is no bound").isBetween(4096L * 9 / 10, 4096L);
        assertThat(gateway.worker.sessions().count()).isEqualTo((int) restored);
        int living = 0;
        for (int i = 0; i < copies; i++) {
            byte[] ip = segment(
                    FIRST_REMOTE + i, Net.NAT[1], 21 << 16 | 5000, ACK, 7, sequence + grown, new byte[0], "200 ok\r\n");
            List<byte[]> arrived = gateway.intoExt(Net.fromOutside(ip)).pa();
            if (!arrived.isEmpty()) {
                living++;
                byte[] inner = Wire.slice(
                        TestGateway.inner(arrived.getFirst(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 14);
                assertThat(Wire.i32(inner, 28)).as("shifted back").isEqualTo(sequence);
            }
        }
        assertThat(living).isEqualTo((int) restored);
    }

    /** What the gateway keeps, with its one session so many times, of as many servers. */
    private Path copied(int copies) {
        Path one = Restart.file();
        Restart.save(gateway, one);
        Path many = Restart.file();
        try (KeptFile kept = KeptFile.take(one, Restart.NODE, Restart.FABRIC, Restart.WRITTEN_AT);
                KeptWriter out = new KeptWriter(many)) {
            for (KeptKind wanted : KeptKind.values()) {
                kept.forEach((kind, at) -> {
                    boolean copied = kind == KeptKind.SESSION || kind == KeptKind.CONTROL;
                    for (int i = 0; kind == wanted && i < (copied ? copies : 1); i++) {
                        copy(kind, at, copied ? FIRST_REMOTE + i : 0, out);
                    }
                });
            }
            out.finish(Restart.NODE, Restart.FABRIC, Restart.REVISION, Restart.WRITTEN_AT);
        } catch (IOException | RefusedException e) {
            throw new AssertionError(e);
        }
        return many;
    }

    private static void copy(KeptKind kind, long from, int remote, KeptWriter out) {
        try {
            long row = out.row(kind);
            Mem.copy(from, row, kind.bytes());
            if (remote != 0) {
                Mem.i64(row, FlowKey.addresses(Net.VM1, remote));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same line again is the same text again, by the same numbers; a second one shifts once more. */
    @Test
    @Requirement("RFC 959 4.1.2")
    void retransmissionsAndSecondCommands() {
        connect();
        int first = sequence;
        byte[] sent = says(PORT);
        byte[] again = out(5000, 21, PSH_ACK, first, PORT);
        assertThat(Wire.slice(again, 20)).isEqualTo(Wire.slice(sent, 20));
        says("PORT 192,168,1,3,200,102\r\n");
        byte[] after = says("NOOP\r\n");
        assertThat(Wire.i32(after, 24)).isEqualTo(sequence - 6 + 2);
        assertThat(gateway.count(WorkerCounter.ALG_EXPECTED)).isEqualTo(2);
        in(dataSyn(Net.SERVER, 51300));
        in(dataSyn(Net.SERVER, 51302));
    }

    /** The port of the rule may be one that the connection gives to nobody: its settings hold all the same. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2121; 227 Entering Passive Mode (192,168,1,3,200,100).; 227 Entering Passive Mode (203,0,113,10,200,100).",
                "2121; 229 Entering Extended Passive Mode (|||51300|); 229 Entering Extended Passive Mode (|||51300|)",
                "21; 227 Entering Passive Mode (192,168,1,3,200,100).; 227 Entering Passive Mode (203,0,113,10,200,100)."
            })
    @Requirement({"RFC 5382 REQ-6", "RFC 959 4.1.2", "RFC 2428 3"})
    void serverAnnouncesAndTheClientConnects(int externalPort, String said, String heard) {
        gateway.rule(1, Wire.TCP, externalPort, Net.VM1, 21);
        in(segment(Net.FAR, Net.NAT[1], 6000 << 16 | externalPort, SYN, 6, 0, new byte[0], ""));
        byte[] ip = segment(Net.VM1, Net.FAR, 21 << 16 | 6000, PSH_ACK, 500, 7, new byte[0], said + "\r\n");
        byte[] sent = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, ip)).onlyExt());
        Wire.requireRight(sent);
        assertThat(text(sent)).isEqualTo(heard + "\r\n");
        assertThat(Wire.u16(sent, 20)).isEqualTo(externalPort);
        byte[] syn = in(segment(Net.FAR, Net.NAT[1], 6001 << 16 | 51300, SYN, 99, 0, new byte[0], ""));
        assertThat(Wire.i32(syn, 16)).isEqualTo(Net.VM1);
        assertThat(Wire.u16(syn, 22)).isEqualTo(51300);
    }

    @Test
    @Requirement({"RFC 959 4.1.2", "RFC 4787 REQ-8"})
    void onlyTheServerIsLetInAndOnlyForTwoMinutes() {
        connect();
        says(PORT);
        assertThat(isLetIn(dataSyn(Net.FAR, 51300))).isFalse();
        gateway.turnAfter(121_000);
        gateway.turnAfter(10);
        assertThat(isLetIn(dataSyn(Net.SERVER, 51300))).isFalse();
        assertThat(gateway.worker.sessions().list(net.nvgate.gateway.flow.SessionFilter.ALL, 9, 5_000))
                .hasSize(1);
    }

    @Test
    @Requirement("RFC 959 4.1.2")
    void takenPortIsAnnouncedAsAnother() {
        byte[] vm2 = Net.nvgre(
                Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, Net.tcp(Net.VM2, Net.FAR, 51300, 80, SYN));
        gateway.intoPa(vm2).onlyExt();
        connect();
        String heard = text(says(PORT));
        assertThat(heard).startsWith("PORT 203,0,113,10,").isNotEqualTo("PORT 203,0,113,10,200,100\r\n");
        String[] numbers = heard.trim().split(",", -1);
        int port = Integer.parseInt(numbers[4]) * 256 + Integer.parseInt(numbers[5]);
        assertThat(Wire.u16(in(dataSyn(Net.SERVER, port)), 22)).isEqualTo(51300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PORT 192,168,1,4,200,100\r\n",
                "PORT 192,168,1,3,0,22\r\n",
                "EPRT |2|fd00:1::3|51300|\r\n",
                "227 (192,168,1,3,200,100)\r\n",
                "PORT 192,168,1,3,200,100",
                "PORT 192,168,1,3,200\r\n",
                "STOR PORT 192,168,1,3,200,100\r\n"
            })
    @Requirement({"RFC 5382 REQ-6", "RFC 959 4.1.2"})
    void goesAsItIs(String said) {
        connect();
        assertThat(text(says(said))).isEqualTo(said);
        assertThat(gateway.count(WorkerCounter.ALG_EXPECTED)).isZero();
        assertThat(isLetIn(dataSyn(Net.SERVER, 51300))).isFalse();
    }

    /** What begins in the middle of a line is no line, whatever it looks like. */
    @Test
    @Requirement({"RFC 5382 REQ-6", "RFC 959 4.1.2"})
    void lineInTwoSegmentsGoesAsItIs() {
        connect();
        assertThat(text(says("STOR "))).isEqualTo("STOR ");
        assertThat(text(says(PORT))).isEqualTo(PORT);
        assertThat(gateway.count(WorkerCounter.ALG_UNTOUCHED)).isPositive();
        assertThat(text(says(PORT))).as("the next line is read again").startsWith("PORT 203");
        assertThat(text(says("NOOP\r\nPORT 192,168,1,3,200,104\r\n"))).endsWith("PORT 203,0,113,10,200,104\r\n");
    }

    @Test
    @Requirement({"RFC 4787 REQ-10", "RFC 4787 REQ-10a", "RFC 5382 REQ-6"})
    void switchedOffNothingIsTouched() {
        algs(0);
        connect();
        assertThat(text(says(PORT))).isEqualTo(PORT);
        assertThat(isLetIn(dataSyn(Net.SERVER, 51300))).isFalse();
    }

    /** There are no others: what looks like SIP, H.323, RTSP, PPTP or IRC passes as it is. */
    @ParameterizedTest
    @ValueSource(ints = {53, 554, 1720, 1723, 2000, 5060, 6667})
    @Requirement({"RFC 4787 REQ-10", "RFC 5382 REQ-6"})
    void otherPortsAreNobodysBusiness(int port) {
        out(5000, port, SYN, 1, "");
        assertThat(text(out(5000, port, PSH_ACK, 2, PORT))).isEqualTo(PORT);
        assertThat(gateway.count(WorkerCounter.ALG_EXPECTED)).isZero();
    }

    /** A full segment that ends with a command which would become longer. */
    @Test
    @Requirement("RFC 959 4.1.2")
    void textThatWouldNotFitGoesAsItIs() {
        TestGateway wide = new TestGateway(TestGateway.CONFIG, PacketPort.detached(Net.PA_MAC, 1600, false));
        close();
        gateway = wide;
        connect();
        String large = "NOOP\r\n".repeat(239) + PORT;
        assertThat(large.length() + 40).isEqualTo(1500);
        assertThat(text(says(large))).isEqualTo(large);
        assertThat(gateway.count(WorkerCounter.ALG_UNTOUCHED)).isOne();
        assertThat(text(says("NOOP\r\n".repeat(238) + PORT))).contains("PORT 203");
    }

    private byte[] tftp(int opcode) {
        byte[] data = {0, (byte) opcode, 'a', 0, 'o', 'c', 't', 'e', 't', 0};
        return Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, Wire.udp(Net.VM1, Net.SERVER, 5000, 69, data));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Requirement({"RFC 1350 4", "RFC 4787 REQ-10a"})
    void tftpAnswersFromAnotherPort(int opcode) {
        algs(NatSettingsRow.ALG_TFTP);
        gateway.intoPa(Net.fromVm1(1, tftp(opcode))).onlyExt();
        assertThat(isLetIn(Net.udp(Net.FAR, Net.NAT[1], 3000, 5000))).isFalse();
        byte[] data = in(Net.udp(Net.SERVER, Net.NAT[1], 3000, 5000));
        assertThat(Wire.i32(data, 16)).isEqualTo(Net.VM1);
        byte[] ack = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 5000, 3000)))
                .onlyExt());
        assertThat(Wire.u16(ack, 20)).isEqualTo(5000);
        assertThat(isLetIn(Net.udp(Net.SERVER, Net.NAT[1], 3001, 5000)))
                .as("once")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "2, 5"})
    @Requirement({"RFC 1350 4", "RFC 4787 REQ-10"})
    void tftpIsOffOrNotARequest(int algs, int opcode) {
        algs(algs);
        gateway.intoPa(Net.fromVm1(1, tftp(opcode))).onlyExt();
        assertThat(isLetIn(Net.udp(Net.SERVER, Net.NAT[1], 3000, 5000))).isFalse();
    }

    /** An IPv6 client: EPRT becomes PORT, EPSV passes. */
    @Test
    @Requirement("RFC 6384 6")
    void ipv6ClientThroughNat64() {
        Net6.on(gateway).tables.nat64.put(1, Ipv6Address.parse("2001:db8:64::"), 96);
        byte[] server = Wire6.address("2001:db8:64::" + Wire.dotted(Net.SERVER));
        byte[] epsv = "EPSV\r\n".getBytes(ISO_8859_1);
        byte[] eprt = "EPRT |2|fd00:1::3|51300|\r\n".getBytes(ISO_8859_1);
        gateway.intoPa(Net6.fromVm1(1, Wire6.tcpPacket(Net6.VM1, server, 5000, 21, SYN)));
        assertThat(text(v6(server, epsv))).isEqualTo("EPSV\r\n");
        byte[] tcp = Wire6.tcp(Net6.VM1, server, 5000, 21, PSH_ACK, eprt);
        tcp[7] = 7;
        byte[] ip = Wire6.ipv6(Net6.VM1, server, Wire.TCP, fixed(server, tcp));
        byte[] sent = TestGateway.ip(gateway.intoPa(Net6.fromVm1(1, ip)).onlyExt());
        Wire.requireRight(sent);
        assertThat(text(sent)).isEqualTo("PORT 203,0,113,10,200,100\r\n");
        byte[] syn = Net6.inHostA(
                gateway.intoExt(Net.fromOutside(dataSyn(Net.SERVER, 51300))).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire6.destination(syn)).isEqualTo(Net6.VM1);
        assertThat(Wire.u16(syn, 42)).isEqualTo(51300);
    }

    private static byte[] fixed(byte[] server, byte[] tcp) {
        tcp[16] = 0;
        tcp[17] = 0;
        int sum = ~Wire6.l4Sum(Net6.VM1, server, Wire.TCP, tcp) & 0xffff;
        tcp[16] = (byte) (sum >>> 8);
        tcp[17] = (byte) sum;
        return tcp;
    }

    private byte[] v6(byte[] server, byte[] data) {
        byte[] ip = Wire6.ipv6(Net6.VM1, server, Wire.TCP, Wire6.tcp(Net6.VM1, server, 5000, 21, PSH_ACK, data));
        byte[] sent = TestGateway.ip(gateway.intoPa(Net6.fromVm1(1, ip)).onlyExt());
        Wire.requireRight(sent);
        return sent;
    }
}
