package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.pcp.PcpResult;
import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.route.VsidRow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mappings that VMs ask for by PCP (RFC 6887). Time begins at 5 s. */
class PcpTest extends NatTestBase {

    private static final int MAP = 1;
    private static final byte[] NONCE = "0123456789ab".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] PREFER_FAILURE = {2, 0, 0, 0};

    @BeforeEach
    void allow() {
        flags(gateway, VsidEntry.PCP);
    }

    @Test
    @Requirement({"RFC 6887 8.2", "RFC 6887 11.3", "RFC 6888 REQ-9"})
    void mappingLetsEverybodyInUntilItEnds() {
        ByteBuffer answer = ask(map(MAP, 600, Wire.TCP, 80, 8080));
        assertThat(result(answer)).isEqualTo(PcpResult.SUCCESS);
        assertThat(answer.capacity()).isEqualTo(60);
        assertThat(answer.get(0)).isEqualTo((byte) 2);
        assertThat(answer.get(1)).isEqualTo((byte) 0x81);
        assertThat(answer.getInt(4)).isEqualTo(600);
        assertThat(answer.slice(24, 12)).isEqualTo(ByteBuffer.wrap(NONCE));
        assertThat(port(answer)).isEqualTo(8080);
        assertThat(answer.getInt(24 + 32)).isEqualTo(Net.NAT[1]);
        assertThat(answer.getInt(24 + 28)).isEqualTo(0xffff);
        byte[] seen = in(1, Net.tcp(Net.FAR, Net.NAT[1], 4000, 8080, SYN));
        assertThat(Wire.u16(seen, 22)).isEqualTo(80);
        gateway.turnAfter(601_000);
        assertThat(arrives(Net.tcp(Net.SERVER, Net.NAT[1], 4000, 8080, SYN))).isFalse();
    }

    @Test
    @Requirement({"RFC 6887 8.2", "RFC 6887 15"})
    void lifetimeIsWithinBounds() {
        assertThat(ask(map(MAP, 1, Wire.UDP, 80, 0)).getInt(4)).isEqualTo(120);
        assertThat(ask(map(MAP, -1, Wire.UDP, 80, 0)).getInt(4)).isEqualTo(86_400);
    }

    @Test
    @Requirement({"RFC 6887 11.3", "RFC 6887 11.5"})
    void onlyWhoKnowsTheNonceRenewsAndEnds() {
        ask(map(MAP, 600, Wire.UDP, 53, 5353));
        byte[] foreign = map(MAP, 600, Wire.UDP, 53, 5353);
        foreign[30] ^= 1;
        assertThat(result(ask(foreign))).isEqualTo(PcpResult.NOT_AUTHORIZED);
        byte[] end = map(MAP, 0, Wire.UDP, 53, 0);
        end[30] ^= 1;
        assertThat(result(ask(end))).isEqualTo(PcpResult.NOT_AUTHORIZED);
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 1, 5353))).isTrue();
    }

    @Test
    @Requirement({"RFC 6887 15", "RFC 6887 11.3"})
    void lifetimeZeroEndsOneMappingOrAll() {
        ask(map(MAP, 600, Wire.UDP, 53, 5353));
        ask(map(MAP, 600, Wire.UDP, 54, 5454));
        ask(map(MAP, 600, Wire.TCP, 55, 5555));
        ByteBuffer ended = ask(map(MAP, 0, Wire.UDP, 53, 5353));
        assertThat(result(ended)).isEqualTo(PcpResult.SUCCESS);
        assertThat(ended.getInt(4)).isZero();
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 1, 5353))).isFalse();
        assertThat(result(ask(map(MAP, 0, Wire.UDP, 53, 5353))))
                .as("nothing is there")
                .isEqualTo(PcpResult.SUCCESS);
        assertThat(result(ask(map(MAP, 0, Wire.UDP, 0, 0)))).isEqualTo(PcpResult.SUCCESS);
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 1, 5454))).isFalse();
        assertThat(arrives(Net.tcp(Net.FAR, Net.NAT[1], 1, 5555, SYN))).isTrue();
    }

    @Test
    @Requirement("RFC 6887 13.2")
    void preferFailureWantsThePortAskedFor() {
        ask(map(MAP, 600, Wire.UDP, 53, 5353));
        byte[] other = with(map(MAP, 600, Wire.UDP, 54, 5353), PREFER_FAILURE);
        assertThat(result(ask(other))).isEqualTo(PcpResult.CANNOT_PROVIDE_EXTERNAL);
        assertThat(port(ask(map(MAP, 600, Wire.UDP, 54, 5353)))).isNotEqualTo(5353);
        byte[] free = with(map(MAP, 600, Wire.UDP, 55, 5355), PREFER_FAILURE);
        assertThat(port(ask(free))).isEqualTo(5355);
        byte[] none = with(map(MAP, 600, Wire.UDP, 56, 0), PREFER_FAILURE);
        assertThat(result(ask(none))).isEqualTo(PcpResult.MALFORMED_OPTION);
    }

    @Test
    @Requirement("RFC 6887 13.3")
    void filterAdmitsItsRemotePrefixesAlone() {
        byte[] request = with(map(MAP, 600, Wire.UDP, 53, 5353), filter(120, 0, Net.SERVER));
        assertThat(result(ask(request))).isEqualTo(PcpResult.SUCCESS);
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[1], 9, 5353))).isTrue();
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 9, 5353))).isFalse();
        byte[] port = with(map(MAP, 600, Wire.UDP, 53, 5353), filter(128, 77, Net.FAR));
        ask(port);
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 78, 5353))).isFalse();
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 77, 5353))).isTrue();
        byte[] five = map(MAP, 600, Wire.UDP, 53, 5353);
        for (int i = 0; i < 5; i++) {
            five = with(five, filter(128, 0, Net.FAR + i));
        }
        assertThat(result(ask(five))).isEqualTo(PcpResult.NO_RESOURCES);
        assertThat(result(ask(with(map(MAP, 600, Wire.UDP, 53, 5353), filter(64, 0, Net.FAR)))))
                .isEqualTo(PcpResult.MALFORMED_OPTION);
    }

    @Test
    @Requirement("RFC 6887 11.3")
    void rulesAndPairsOfPolicyAreAnsweredAndStay() {
        gateway.rule(1, Wire.TCP, 443, Net.VM1, 8443);
        ByteBuffer answer = ask(map(MAP, 600, Wire.TCP, 8443, 9999));
        assertThat(result(answer)).isEqualTo(PcpResult.SUCCESS);
        assertThat(port(answer)).isEqualTo(443);
        assertThat(result(ask(map(MAP, 0, Wire.TCP, 8443, 0)))).isEqualTo(PcpResult.NOT_AUTHORIZED);
    }

    @Test
    @Requirement({"RFC 6887 8.2", "RFC 6888 REQ-4"})
    void quotaOfPortsHolds() {
        gateway.tables.nat.quotas.set(1, new NatQuotas.Row(0, 0, 0, 2, 0, 0));
        assertThat(result(ask(map(MAP, 600, Wire.UDP, 1, 0)))).isEqualTo(PcpResult.SUCCESS);
        assertThat(result(ask(map(MAP, 600, Wire.UDP, 2, 0)))).isEqualTo(PcpResult.SUCCESS);
        ByteBuffer refused = ask(map(MAP, 600, Wire.UDP, 3, 0));
        assertThat(result(refused)).isEqualTo(PcpResult.USER_EXCEEDED_QUOTA);
        assertThat(refused.getInt(4)).isEqualTo(30);
    }

    @Test
    @Requirement({"RFC 6887 7", "RFC 6887 8.2", "RFC 6887 9", "RFC 6887 18.1"})
    void badRequestsGetTheirResult() {
        byte[] version = map(MAP, 600, Wire.UDP, 53, 0);
        version[0] = 1;
        assertThat(result(ask(version))).isEqualTo(PcpResult.UNSUPPORTED_VERSION);
        ByteBuffer natPmp = ask(new byte[] {0, 0});
        assertThat(natPmp.capacity()).isEqualTo(24);
        assertThat(natPmp.get(0)).isEqualTo((byte) 2);
        assertThat(result(natPmp)).isEqualTo(PcpResult.UNSUPPORTED_VERSION);
        assertThat(result(ask(Arrays.copyOf(map(MAP, 600, Wire.UDP, 53, 0), 58))))
                .isEqualTo(PcpResult.MALFORMED_REQUEST);
        assertThat(result(ask(Arrays.copyOf(map(MAP, 600, Wire.UDP, 53, 0), 56))))
                .isEqualTo(PcpResult.MALFORMED_REQUEST);
        assertThat(result(ask(map(2, 600, Wire.UDP, 53, 0)))).isEqualTo(PcpResult.UNSUPPORTED_OPCODE);
        assertThat(result(ask(map(MAP, 600, 132, 53, 0)))).isEqualTo(PcpResult.UNSUPPORTED_PROTOCOL);
        byte[] mismatch = map(MAP, 600, Wire.UDP, 53, 0);
        mismatch[23] ^= 1;
        assertThat(result(ask(mismatch))).isEqualTo(PcpResult.ADDRESS_MISMATCH);
        byte[] thirdParty = new byte[20];
        thirdParty[0] = 1;
        thirdParty[3] = 16;
        assertThat(result(ask(with(map(MAP, 600, Wire.UDP, 53, 0), thirdParty))))
                .isEqualTo(PcpResult.UNSUPPORTED_OPTION);
        assertThat(result(ask(with(map(MAP, 600, Wire.UDP, 53, 0), new byte[] {(byte) 200, 0, 0, 0}))))
                .as("an option that need not be understood")
                .isEqualTo(PcpResult.SUCCESS);
        assertThat(result(ask(with(map(MAP, 600, Wire.UDP, 53, 0), new byte[] {3, 0, 0, 99}))))
                .isEqualTo(PcpResult.MALFORMED_OPTION);
    }

    @Test
    @Requirement({"RFC 6887 14.1", "RFC 6887 8.5"})
    void announceTellsTheEpoch() {
        gateway.turnAfter(7_000);
        ByteBuffer answer = ask(header(0, 0, 24));
        assertThat(result(answer)).isEqualTo(PcpResult.SUCCESS);
        assertThat(answer.getInt(8)).isEqualTo(7);
    }

    @Test
    @Requirement("RFC 6887 8.2")
    void answersAreDroppedAndWithoutTheSettingNobodyListens() {
        byte[] response = map(MAP, 600, Wire.UDP, 53, 0);
        response[1] |= (byte) 0x80;
        assertThat(sent(response).isEmpty()).isTrue();
        dropped(DropReason.PCP_MALFORMED, 1);
        flags(gateway, 0);
        assertThat(sent(map(MAP, 600, Wire.UDP, 53, 0)).isEmpty()).isTrue();
        assertThat(gateway.drops()).containsEntry(DropReason.LOCAL_PROTOCOL, 1L);
    }

    /** Nobody must ask again: who comes in, whose it is, until when, and the epoch are what they were. */
    @Test
    @Requirement({"RFC 6887 8.5", "RFC 6887 11.3"})
    void mappingsOutliveARestart() {
        gateway.turnAfter(7_000);
        ask(with(map(MAP, 600, Wire.TCP, 80, 8080), filter(128, 0, Net.FAR)));
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers());
        flags(gateway, VsidEntry.PCP);
        assertThat(Restart.of(old, gateway, 5_000)).isEmpty();
        in(1, Net.tcp(Net.FAR, Net.NAT[1], 4000, 8080, SYN));
        assertThat(arrives(Net.tcp(Net.SERVER, Net.NAT[1], 4000, 8080, SYN))).isFalse();
        byte[] foreign = map(MAP, 600, Wire.TCP, 80, 8080);
        foreign[30] ^= 1;
        assertThat(result(ask(foreign))).isEqualTo(PcpResult.NOT_AUTHORIZED);
        assertThat(ask(header(0, 0, 24)).getInt(8)).as("epoch").isEqualTo(12);
        gateway.turnsAfter(597_000);
        assertThat(arrives(Net.tcp(Net.FAR, Net.NAT[1], 4001, 8080, SYN))).isFalse();
    }

    /** What cannot be kept is told: the epoch begins anew. */
    @Test
    @Requirement("RFC 6887 8.5")
    void aMappingThatIsLostBeginsTheEpochAnew() {
        gateway.turnAfter(7_000);
        ask(map(MAP, 600, Wire.TCP, 80, 8080));
        TestGateway old = gateway;
        gateway = new TestGateway(config(), workers());
        flags(gateway, VsidEntry.PCP);
        gateway.nat(1, 1, 10_000, 65_535);
        Restart.of(old, gateway, 5_000);
        assertThat(ask(header(0, 0, 24)).getInt(8)).as("epoch").isZero();
        assertThat(port(ask(map(MAP, 600, Wire.TCP, 80, 8080)))).isGreaterThanOrEqualTo(10_000);
    }

    /** The epoch is a tenant's: what one loses others do not ask for again, whichever worker has them then. */
    @Test
    @Requirement("RFC 6887 8.5")
    void oneTenantsLossIsNoOtherTenantsEpoch() {
        reopen(2);
        gateway.turnAfter(7_000);
        ask(1, map(MAP, 900, Wire.TCP, 80, 8080));
        ask(2, map(MAP, 900, Wire.TCP, 80, 8080));
        TestGateway old = gateway;
        open(2);
        gateway.nat(1, 1, 10_000, 65_535);
        Restart.of(old, gateway, 5_000);
        assertThat(epoch(1)).as("its mapping is lost").isZero();
        assertThat(epoch(2)).isEqualTo(12);
        for (int workers : new int[] {1, 3, 2}) {
            TestGateway before = gateway;
            open(workers);
            gateway.nat(1, 1, 10_000, 65_535);
            Restart.of(before, gateway, 5_000);
        }
        assertThat(epoch(1)).isEqualTo(15);
        assertThat(epoch(2)).isEqualTo(27);
    }

    /** What fitted into the tables of before fits again, in the order in which it comes. */
    @Test
    @Requirement("RFC 6887 8.5")
    void sharesDoNotHoldForWhatTenantsHad() {
        reopen(2);
        for (int port = 0; port < 6; port++) {
            assertThat(result(ask(1, map(MAP, 900, Wire.TCP, 80 + port, 0)))).isZero();
        }
        for (int port = 0; port < 2; port++) {
            assertThat(result(ask(2, map(MAP, 900, Wire.TCP, 80 + port, 0)))).isZero();
        }
        gateway.turnAfter(7_000);
        TestGateway old = gateway;
        open(1);
        Restart.of(old, gateway, 5_000);
        assertThat(epoch(1)).as("nothing is lost").isEqualTo(12);
        assertThat(epoch(2)).isEqualTo(12);
        assertThat(gateway.worker.nat().used()).isEqualTo(8);
    }

    private void reopen(int workers) {
        gateway.close();
        open(workers);
    }

    private void open(int workers) {
        gateway = new TestGateway(config(), workers);
        flags(gateway, 1, VsidEntry.PCP);
        flags(gateway, 2, VsidEntry.PCP);
    }

    private int epoch(int tenant) {
        return ask(tenant, header(0, 0, 24)).getInt(8);
    }

    /** Of the first tenant's VSIDs, beside those they need. */
    static void flags(TestGateway gateway, int more) {
        flags(gateway, 1, more);
    }

    private static void flags(TestGateway gateway, int tenant, int more) {
        for (int vsid : new int[] {Net.VM_VSID[tenant], Net.GATEWAY_VSID[tenant]}) {
            VsidRow row = Objects.requireNonNull(gateway.tables.vsids.row(vsid));
            gateway.tables.vsids.put(row.withFlags((row.flags() & ~VsidEntry.PCP) | more));
        }
        gateway.tables.epochs.bump(tenant);
    }

    private static byte[] header(int opcode, int lifetime, int length) {
        ByteBuffer message = ByteBuffer.allocate(length);
        message.put(0, (byte) 2).put(1, (byte) opcode).putInt(4, lifetime);
        message.putShort(18, (short) 0xffff).putInt(20, Net.VM1);
        return message.array();
    }

    private static byte[] map(int opcode, int lifetime, int protocol, int port, int suggested) {
        ByteBuffer message = ByteBuffer.wrap(header(opcode, lifetime, 60));
        message.put(24, NONCE).put(36, (byte) protocol);
        message.putShort(40, (short) port).putShort(42, (short) suggested);
        message.putShort(54, (short) 0xffff);
        return message.array();
    }

    private static byte[] filter(int length, int port, int address) {
        ByteBuffer option = ByteBuffer.allocate(24);
        option.put(0, (byte) 3).putShort(2, (short) 20);
        option.put(5, (byte) length).putShort(6, (short) port);
        option.putShort(18, (short) 0xffff).putInt(20, address);
        return option.array();
    }

    private static byte[] with(byte[] message, byte[] option) {
        byte[] longer = Arrays.copyOf(message, message.length + option.length);
        System.arraycopy(option, 0, longer, message.length, option.length);
        return longer;
    }

    private TestGateway.Sent sent(byte[] message) {
        return sent(1, message);
    }

    private TestGateway.Sent sent(int tenant, byte[] message) {
        byte[] ip =
                Wire.ipv4(Net.VM1, Net.GATEWAY_CA, Wire.UDP, Wire.udp(Net.VM1, Net.GATEWAY_CA, 40_000, 5351, message));
        return gateway.intoPa(Net.fromVm1(tenant, ip));
    }

    /** The answer's PCP message; addresses, ports and checksums of the packet are right. */
    private ByteBuffer ask(byte[] message) {
        return ask(1, message);
    }

    private ByteBuffer ask(int tenant, byte[] message) {
        byte[] frame = sent(tenant, message).onlyPa();
        byte[] ip = Wire.slice(TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[tenant]), 14);
        Wire.requireRight(ip);
        assertThat(Wire.u16(ip, 20)).isEqualTo(5351);
        assertThat(Wire.u16(ip, 22)).isEqualTo(40_000);
        return ByteBuffer.wrap(Wire.slice(ip, 28));
    }

    private static int result(ByteBuffer answer) {
        return answer.get(3);
    }

    private static int port(ByteBuffer answer) {
        return answer.getShort(42) & 0xffff;
    }
}
