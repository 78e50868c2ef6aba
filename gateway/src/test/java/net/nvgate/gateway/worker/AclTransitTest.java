package net.nvgate.gateway.worker;

import static net.nvgate.gateway.worker.Acls.inboundDenied;
import static net.nvgate.gateway.worker.Acls.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Port ACLs where nothing keeps a session: between VMs, and IPv6. */
@ExtendWith(EalExtension.class)
class AclTransitTest {

    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final String TO_VM2 =
            "'direction':'INBOUND','action':'ALLOW','localAddressPrefixes':['192.168.1.4/32','fd00:1::4/128']";

    private final TestGateway gateway = Net6.on(new TestGateway());

    @AfterEach
    void close() {
        gateway.close();
    }

    private boolean there(byte[] ip) {
        return !gateway.intoPa(Net.fromVm1(1, ip)).isEmpty();
    }

    private boolean back(byte[] ip) {
        byte[] inner = Wire.ethernet(Net.GATEWAY_MAC, Net.VM2_MAC, 0x800, ip);
        return !gateway.intoPa(Net.outer(Net.HOST_B, Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 7, inner)))
                .isEmpty();
    }

    private boolean there6(byte[] ip) {
        return !gateway.intoPa(Net6.fromVm1(1, ip)).pa().isEmpty();
    }

    private boolean back6(byte[] ip) {
        return !gateway.intoPa(Net6.fromVm2(1, ip)).pa().isEmpty();
    }

    @Test
    void betweenVmsAnswersPassAndOtherFlowsDoNot() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2));
        assertThat(back(Net.udp(Net.VM2, Net.VM1, 53, 4000))).as("nobody asked").isFalse();
        assertThat(there(Net.udp(Net.VM1, Net.VM2, 4000, 53))).isTrue();
        assertThat(back(Net.udp(Net.VM2, Net.VM1, 53, 4000))).as("an answer").isTrue();
        assertThat(back(Net.udp(Net.VM2, Net.VM1, 54, 4000))).isFalse();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ACL, 2L));
    }

    @Test
    void aChangeCutsAFlowBetweenVmsBothWays() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2));
        assertThat(there(Net.tcp(Net.VM1, Net.VM2, 4000, 80, SYN))).isTrue();
        assertThat(back(Net.tcp(Net.VM2, Net.VM1, 80, 4000, SYN | ACK))).isTrue();
        Acls.set(gateway, 2, inboundDenied());
        assertThat(there(Net.tcp(Net.VM1, Net.VM2, 4000, 80, ACK)))
                .as("another tenant's change")
                .isTrue();
        Acls.set(gateway, 1, inboundDenied());
        assertThat(back(Net.tcp(Net.VM2, Net.VM1, 80, 4000, ACK))).isFalse();
        assertThat(there(Net.tcp(Net.VM1, Net.VM2, 4000, 80, ACK))).isFalse();
        Acls.clear(gateway, 1);
        assertThat(there(Net.tcp(Net.VM1, Net.VM2, 4000, 80, ACK))).isTrue();
    }

    /** A month in milliseconds has the highest bit of an int. */
    @Test
    void aFlowOfAMonthAgoIsOver() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2));
        assertThat(there(Net.udp(Net.VM1, Net.VM2, 4000, 53))).isTrue();
        gateway.pass(30L * 24 * 3_600_000);
        assertThat(back(Net.udp(Net.VM2, Net.VM1, 53, 4000))).isFalse();
    }

    /** 2^32 milliseconds are 49.7 days: a clock of 32 bits would be back where it was. */
    @Test
    void aFlowOfFiftyDaysAgoIsOver() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2));
        assertThat(there(Net.udp(Net.VM1, Net.VM2, 4000, 53))).isTrue();
        gateway.pass(1L << 32);
        assertThat(back(Net.udp(Net.VM2, Net.VM1, 53, 4000))).isFalse();
    }

    @Test
    void theMiddleOfTcpNeedsBothWays() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2));
        assertThat(there(Net.tcp(Net.VM1, Net.VM2, 4000, 80, ACK))).isFalse();
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW));
        assertThat(there(Net.tcp(Net.VM1, Net.VM2, 4000, 80, ACK))).isTrue();
    }

    @Test
    void aPingsAnswerIsOfThePing() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2));
        assertThat(there(Wire.ipv4(Net.VM1, Net.VM2, Wire.ICMP, Wire.icmp(8, 0, 5 << 16, new byte[8]))))
                .isTrue();
        assertThat(back(Wire.ipv4(Net.VM2, Net.VM1, Wire.ICMP, Wire.icmp(0, 0, 5 << 16, new byte[8]))))
                .isTrue();
        assertThat(back(Wire.ipv4(Net.VM2, Net.VM1, Wire.ICMP, Wire.icmp(0, 0, 6 << 16, new byte[8]))))
                .isFalse();
        assertThat(back(Wire.ipv4(Net.VM2, Net.VM1, Wire.ICMP, Wire.icmp(8, 0, 7 << 16, new byte[8]))))
                .isFalse();
    }

    private static byte[] icmp(int source, int destination, int type, int code, int id) {
        return Wire.ipv4(source, destination, Wire.ICMP, Wire.icmp(type, code, id << 16, new byte[8]));
    }

    /** All with one identifier, of which the first ping is known. */
    @Test
    void icmpOfOtherTypesIsNotOfAPing() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2 + ",'protocol':'ICMP','icmpType':8"));
        assertThat(there(icmp(Net.VM1, Net.VM2, 8, 0, 5))).isTrue();
        assertThat(there(icmp(Net.VM1, Net.VM2, 13, 0, 5))).isFalse();
        assertThat(there(icmp(Net.VM1, Net.VM2, 0, 0, 5))).isFalse();
        assertThat(back(icmp(Net.VM2, Net.VM1, 8, 0, 5)))
                .as("a ping of the other side")
                .isFalse();
        assertThat(back(icmp(Net.VM2, Net.VM1, 8, 0, 5 + 8))).isFalse();
        assertThat(back(icmp(Net.VM2, Net.VM1, 14, 0, 5))).isFalse();
        assertThat(back(icmp(Net.VM2, Net.VM1, 0, 0, 5))).as("its answer").isTrue();
    }

    @Test
    void anAnswerThatNobodyAskedForOpensNothing() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2 + ",'protocol':'ICMP','icmpType':0"));
        assertThat(there(icmp(Net.VM1, Net.VM2, 0, 0, 5))).isTrue();
        assertThat(back(icmp(Net.VM2, Net.VM1, 8, 0, 5))).isFalse();
        assertThat(there(icmp(Net.VM1, Net.VM2, 0, 0, 5))).isTrue();
    }

    @Test
    void otherIcmpIsJudgedPacketByPacket() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2 + ",'protocol':'ICMP','icmpType':10"));
        assertThat(there(icmp(Net.VM1, Net.VM2, 10, 0, 0))).isTrue();
        assertThat(there(icmp(Net.VM1, Net.VM2, 9, 0, 0))).isFalse();
        assertThat(back(icmp(Net.VM2, Net.VM1, 10, 0, 0))).isFalse();
        assertThat(there(icmp(Net.VM1, Net.VM2, 10, 0, 0))).isTrue();
    }

    @Test
    void icmpv6OfOtherTypesIsNotOfAPing() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2 + ",'protocol':'ICMPV6','icmpType':128"));
        assertThat(there6(Wire6.ping(Net6.VM1, Net6.VM2, 5))).isTrue();
        assertThat(there6(Wire6.icmpPacket(Net6.VM1, Net6.VM2, 200, 0, 5 << 16, new byte[8])))
                .isFalse();
        assertThat(back6(Wire6.ping(Net6.VM2, Net6.VM1, 5))).isFalse();
        assertThat(back6(Wire6.pong(Net6.VM2, Net6.VM1, 5))).isTrue();
    }

    @Test
    void anErrorAboutAFlowPasses() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2));
        byte[] asked = Net.udp(Net.VM1, Net.VM2, 4000, 53);
        assertThat(there(asked)).isTrue();
        byte[] unreachable = Wire.ipv4(Net.VM2, Net.VM1, Wire.ICMP, Wire.icmp(3, 3, 0, asked));
        assertThat(back(unreachable)).isTrue();
        byte[] other = Wire.ipv4(Net.VM2, Net.VM1, Wire.ICMP, Wire.icmp(3, 3, 0, Net.udp(Net.VM1, Net.VM2, 4001, 53)));
        assertThat(back(other)).isFalse();
    }

    @Test
    void ipv6BetweenVms() {
        Acls.set(gateway, 1, inboundDenied(TO_VM2));
        assertThat(back6(Wire6.udpPacket(Net6.VM2, Net6.VM1, 53, 4000))).isFalse();
        assertThat(there6(Wire6.udpPacket(Net6.VM1, Net6.VM2, 4000, 53))).isTrue();
        assertThat(back6(Wire6.udpPacket(Net6.VM2, Net6.VM1, 53, 4000))).isTrue();
        Acls.set(gateway, 1, inboundDenied());
        assertThat(back6(Wire6.udpPacket(Net6.VM2, Net6.VM1, 53, 4000)))
                .as("cut")
                .isFalse();
    }

    /** IPv6 outside has the prefix of the other side of NPTv6: lists know the VM's own address. */
    @Test
    void ipv6FromOutsideIsJudgedByTheVmsAddress() {
        String web =
                "'direction':'INBOUND','action':'ALLOW','protocol':'TCP','localAddressPrefixes':['fd00:1::3/128'],'localPortRanges':['80']";
        Acls.set(gateway, 1, inboundDenied(web));
        byte[] in = Wire6.tcpPacket(Net6.FAR, Net6.OUTSIDE_VM1, 5000, 80, SYN);
        assertThat(gateway.intoExt(Net6.fromOutside(in)).pa()).hasSize(1);
        assertThat(gateway.intoPa(Net6.fromVm1(1, Wire6.tcpPacket(Net6.VM1, Net6.FAR, 80, 5000, SYN | ACK)))
                        .ext())
                .hasSize(1);
        byte[] ssh = Wire6.tcpPacket(Net6.FAR, Net6.OUTSIDE_VM1, 5000, 22, SYN);
        assertThat(gateway.intoExt(Net6.fromOutside(ssh)).isEmpty()).isTrue();
        byte[] asked = Wire6.udpPacket(Net6.VM1, Net6.FAR, 4000, 53);
        assertThat(gateway.intoPa(Net6.fromVm1(1, asked)).ext()).hasSize(1);
        byte[] answer = Wire6.udpPacket(Net6.FAR, Net6.OUTSIDE_VM1, 53, 4000);
        assertThat(gateway.intoExt(Net6.fromOutside(answer)).pa()).hasSize(1);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ACL, 1L));
    }

    /** The first fragment ends before the ports, so that only later ones have them, which nobody judges (RFC 7112 §5). */
    @Test
    void aFirstFragmentWithoutPortsDoesNotPass() {
        String ssh = "'direction':'INBOUND','action':'DENY','protocol':'TCP','localPortRanges':['22']";
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW, ssh));
        byte[] none = Wire6.fragment(Wire.TCP, 0, true, 9, new byte[0]);
        assertThat(there6(Wire6.ipv6(Net6.VM1, Net6.VM2, 44, none))).isFalse();
        byte[] padded = Wire6.fragment(60, 0, true, 9, Wire6.extension(Wire.TCP, 1, new byte[0]));
        assertThat(there6(Wire6.ipv6(Net6.VM1, Net6.VM2, 44, padded))).isFalse();
        byte[] ping = Wire6.fragment(58, 0, true, 9, new byte[0]);
        assertThat(there6(Wire6.ipv6(Net6.VM1, Net6.VM2, 44, ping))).isFalse();
        byte[] noNextHeader = Wire6.fragment(59, 0, true, 9, new byte[0]);
        assertThat(there6(Wire6.ipv6(Net6.VM1, Net6.VM2, 44, noNextHeader)))
                .as("what has no ports needs none")
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ACL, 3L));
    }

    @Test
    void rejectedIpv6IsToldToTheVm() {
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.REJECT));
        byte[] error = Net6.inHostA(
                gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, Net6.VM2, 4000, 53)))
                        .onlyPa(),
                Net.VM_VSID[1],
                Net.VM1_MAC);
        assertThat(Wire.u8(error, 40)).as("type: unreachable").isEqualTo(1);
        assertThat(Wire.u8(error, 41)).as("code: administratively prohibited").isEqualTo(1);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ACL_REJECT, 1L));
    }
}
