package net.nvgate.gateway.worker;

import static net.nvgate.gateway.worker.Acls.inboundDenied;
import static net.nvgate.gateway.worker.Acls.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatExemptions;
import net.nvgate.gateway.route.Prefixes;
import org.junit.jupiter.api.Test;

/** Port ACLs and sessions: what NAT translates, forwards and what is translated 1:1. */
class AclTest extends NatTestBase {

    private static final String HTTPS =
            "'direction':'OUTBOUND','action':'ALLOW','protocol':'TCP','remotePortRanges':['443']";
    private static final String WEB_SERVER =
            "'direction':'INBOUND','action':'ALLOW','protocol':'TCP','localPortRanges':['80']";

    private static byte[] syn(int source, int destination, int port, int remotePort) {
        return Net.tcp(source, destination, port, remotePort, SYN);
    }

    private static byte[] ack(int source, int destination, int port, int remotePort) {
        return Net.tcp(source, destination, port, remotePort, ACK);
    }

    private void answers(byte[] sent) {
        byte[] ip = Net.tcp(Net.SERVER, Net.NAT[1], Wire.u16(sent, 22), Wire.u16(sent, 20), SYN | ACK);
        in(1, ip);
    }

    private boolean answered(byte[] sent) {
        return arrives(Net.tcp(Net.SERVER, Net.NAT[1], Wire.u16(sent, 22), Wire.u16(sent, 20), ACK));
    }

    @Test
    void onlyWhatARuleAllowsGoesOutAndItsAnswersComeIn() {
        Acls.set(gateway, 1, list(AclAction.DENY, AclAction.DENY, HTTPS));
        byte[] sent = out(1, syn(Net.VM1, Net.SERVER, 4000, 443));
        answers(sent);
        assertThat(leaves(1, syn(Net.VM1, Net.SERVER, 4001, 80))).isFalse();
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 4002, 443))).isFalse();
        dropped(DropReason.ACL, 2);
        assertThat(leaves(2, syn(Net.VM1, Net.SERVER, 4001, 80)))
                .as("another tenant")
                .isTrue();
    }

    @Test
    void aRejectedFlowIsToldToTheVm() {
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.REJECT));
        byte[] error = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)))
                .insideVm1();
        assertThat(error[20]).as("type: unreachable").isEqualTo((byte) 3);
        assertThat(error[21]).as("code: administratively prohibited").isEqualTo((byte) 13);
        assertThat(Wire.i32(error, 12)).isEqualTo(Net.GATEWAY_CA);
        dropped(DropReason.ACL_REJECT, 1);
    }

    /** A web server is published; then a rule against its client: that session is cut at its next packet, the others go on. */
    @Test
    void aChangeCutsWhatItNoLongerAllowsAndNothingElse() {
        gateway.rule(1, Ipv4.TCP, 8080, Net.VM1, 80);
        Acls.set(gateway, 1, inboundDenied(WEB_SERVER));
        in(1, syn(Net.SERVER, Net.NAT[1], 5000, 8080));
        in(1, syn(Net.FAR, Net.NAT[1], 5000, 8080));
        out(1, Net.tcp(Net.VM1, Net.SERVER, 80, 5000, SYN | ACK));
        out(1, Net.tcp(Net.VM1, Net.FAR, 80, 5000, SYN | ACK));
        byte[] own = out(1, syn(Net.VM1, Net.SERVER, 4000, 443));
        answers(own);
        assertThat(gateway.worker.sessions().count()).isEqualTo(3);

        String against = "'direction':'INBOUND','action':'DENY','remoteAddressPrefixes':['198.51.100.0/24']";
        Acls.set(gateway, 1, inboundDenied(against, WEB_SERVER));
        assertThat(arrives(ack(Net.FAR, Net.NAT[1], 5000, 8080))).isFalse();
        assertThat(leaves(1, ack(Net.VM1, Net.FAR, 80, 5000)))
                .as("the server's answers do not open it again from inside")
                .isFalse();
        in(1, ack(Net.SERVER, Net.NAT[1], 5000, 8080));
        out(1, ack(Net.VM1, Net.SERVER, 80, 5000));
        out(1, ack(Net.VM1, Net.SERVER, 4000, 443));
        assertThat(answered(own)).isTrue();
        assertThat(gateway.worker.sessions().count()).isEqualTo(2);
        assertThat(gateway.count(WorkerCounter.ACL_SESSIONS_CUT)).isEqualTo(1);
        dropped(DropReason.ACL, 2);

        Acls.set(gateway, 1, inboundDenied(WEB_SERVER));
        in(1, syn(Net.FAR, Net.NAT[1], 5000, 8080));
        out(1, Net.tcp(Net.VM1, Net.FAR, 80, 5000, SYN | ACK));
    }

    private void cutFromInside(int external) {
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW));
        out(1, syn(Net.VM1, Net.SERVER, 4000, 443));
        in(1, Net.tcp(Net.SERVER, external, 443, 4000, SYN | ACK));
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        in(1, Net.udp(Net.SERVER, external, 53, 4000));

        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.DENY));
        for (int i = 0; i < 2; i++) {
            assertThat(arrives(ack(Net.SERVER, external, 443, 4000)))
                    .as("the server's next segment")
                    .isFalse();
            assertThat(arrives(Net.udp(Net.SERVER, external, 53, 4000)))
                    .as("the server's next datagram")
                    .isFalse();
        }
        assertThat(leaves(1, ack(Net.VM1, Net.SERVER, 4000, 443))).isFalse();
        assertThat(gateway.worker.sessions().count()).isZero();
        assertThat(gateway.count(WorkerCounter.ACL_SESSIONS_CUT)).isEqualTo(2);
        in(1, Net.udp(Net.SERVER, external, 54, 4000));
        in(1, syn(Net.SERVER, external, 443, 4000));

        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW));
        in(1, Net.udp(Net.SERVER, external, 53, 4000));
    }

    @Test
    void theOtherSideDoesNotOpenAgainWhatAOneToOneHostMayNotOpen() {
        gateway.oneToOne(1, Net.NAT[3], Net.VM1);
        cutFromInside(Net.NAT[3]);
    }

    @Test
    void theOtherSideDoesNotOpenAgainWhatAHostWithoutNatMayNotOpen() {
        NatExemptions.Row row = new NatExemptions.Row(new Prefixes.Row(Net.VM1, 32), new Prefixes.Row(Net.SERVER, 32));
        gateway.tables.nat.exemptions.set(1, List.of(row));
        gateway.tables.epochs.bump(1);
        cutFromInside(Net.VM1);
    }

    /** A mapping with open filtering, which another session holds. */
    @Test
    void theOtherSideDoesNotOpenAgainByAMappingWhatItsHostMayNotOpen() {
        gateway.settings(1, settings -> settings.withFiltering(NatEntry.ENDPOINT_INDEPENDENT));
        int port = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20);
        out(1, Net.udp(Net.VM1, Net.FAR, 4000, 53));
        String against = "'direction':'OUTBOUND','action':'DENY','remoteAddressPrefixes':['198.51.100.0/24']";
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW, against));
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 53, port))).isFalse();
        assertThat(arrives(Net.udp(Net.FAR, Net.NAT[1], 53, port))).isFalse();
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, port));
        assertThat(gateway.worker.sessions().count()).isEqualTo(1);
        dropped(DropReason.ACL, 2);
    }

    @Test
    void aHostsOwnPingsGoOnWhenOnesFromOutsideAreCut() {
        gateway.oneToOne(1, Net.NAT[3], Net.VM1);
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW));
        byte[] ping = Wire.ipv4(Net.SERVER, Net.NAT[3], Wire.ICMP, Wire.icmp(8, 0, 77 << 16, new byte[8]));
        assertThat(arrives(ping)).isTrue();
        Acls.set(gateway, 1, inboundDenied());
        assertThat(arrives(ping)).isFalse();
        assertThat(gateway.count(WorkerCounter.ACL_SESSIONS_CUT)).isEqualTo(1);
        for (int id = 77; id < 79; id++) {
            out(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.ICMP, Wire.icmp(8, 0, id << 16, new byte[8])));
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ACL, 1L));
    }

    /** Between the ports of a session from outside that was cut: a connection at once, others when the memory of it is over. */
    @Test
    void aHostsOwnFlowsAreNotBlockedWithoutEnd() {
        gateway.oneToOne(1, Net.NAT[3], Net.VM1);
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW));
        in(1, syn(Net.SERVER, Net.NAT[3], 5000, 20));
        in(1, Net.udp(Net.SERVER, Net.NAT[3], 5000, 20));
        Acls.set(gateway, 1, inboundDenied());
        assertThat(arrives(ack(Net.SERVER, Net.NAT[3], 5000, 20))).isFalse();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[3], 5000, 20))).isFalse();
        assertThat(leaves(1, ack(Net.VM1, Net.SERVER, 20, 5000))).isFalse();
        assertThat(leaves(1, syn(Net.VM1, Net.SERVER, 20, 5000))).isTrue();
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 20, 5000))).isFalse();
        gateway.turnAfter(200_000);
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 20, 5000))).isFalse();
        gateway.turnAfter(101_000);
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 20, 5000))).isTrue();
    }

    @Test
    void silentSessionsAreSweptSoonAfterAChange() {
        gateway.rule(1, Ipv4.UDP, 8080, Net.VM1, 80);
        Acls.set(gateway, 1, inboundDenied("'direction':'INBOUND','action':'ALLOW'"));
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 5000, 8080));
        out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        out(2, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        Acls.set(gateway, 1, inboundDenied());
        gateway.turnAfter(2);
        gateway.turnAfter(2);
        assertThat(gateway.worker.sessions().count()).isEqualTo(2);
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 80, 5000)))
                .as("an answer of the server's")
                .isFalse();
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))).isTrue();
    }

    /** A session whose beginning nobody saw, at a port that others come in by: either side may have opened it. */
    @Test
    void theMiddleOfATcpConnectionOfAServerNeedsBothWays() {
        gateway.rule(1, Ipv4.TCP, 8080, Net.VM1, 80);
        Acls.set(gateway, 1, inboundDenied());
        assertThat(leaves(1, ack(Net.VM1, Net.SERVER, 80, 5000))).isFalse();
        assertThat(leaves(1, ack(Net.VM1, Net.SERVER, 4000, 443)))
                .as("by a mapping only a VM opens")
                .isTrue();
    }

    @Test
    void oneToOneAndItsPingsAreJudgedByTheVmsOwnAddress() {
        gateway.oneToOne(1, Net.NAT[3], Net.VM1);
        String ping =
                "'direction':'INBOUND','action':'ALLOW','protocol':'ICMP','icmpType':8,'localAddressPrefixes':['192.168.1.3/32']";
        Acls.set(gateway, 1, inboundDenied(ping));
        assertThat(arrives(Wire.ipv4(Net.SERVER, Net.NAT[3], Wire.ICMP, Wire.icmp(8, 0, 77 << 16, new byte[8]))))
                .isTrue();
        assertThat(leaves(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.ICMP, Wire.icmp(0, 0, 77 << 16, new byte[8]))))
                .as("its reply")
                .isTrue();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[3], 1000, 53))).isFalse();
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 1000, 53))).isTrue();
        assertThat(arrives(Net.udp(Net.SERVER, Net.NAT[3], 53, 1000)))
                .as("an answer")
                .isTrue();
        dropped(DropReason.ACL, 1);
    }

    /** The sender's lists and the receiver's: each is of another tenant. */
    @Test
    void aHairpinIsJudgedOnBothSides() {
        gateway.rule(2, Ipv4.TCP, 8080, Net.VM1, 80);
        assertThat(gateway.intoPa(Net.fromVm1(1, syn(Net.VM1, Net.NAT[2], 4000, 8080)))
                        .pa())
                .hasSize(1);
        Acls.set(gateway, 2, inboundDenied());
        assertThat(gateway.intoPa(Net.fromVm1(1, syn(Net.VM1, Net.NAT[2], 4001, 8080)))
                        .isEmpty())
                .isTrue();
        dropped(DropReason.ACL, 1);
    }

    @Test
    void errorsAboutASessionPassWhateverListsSay() {
        Acls.set(
                gateway,
                1,
                list(AclAction.DENY, AclAction.DENY, "'direction':'OUTBOUND','action':'ALLOW','protocol':'UDP'"));
        byte[] sent = out(1, Net.udp(Net.VM1, Net.FAR, 4000, 53));
        byte[] error = Wire.ipv4(Net.ROUTER, Net.NAT[1], Wire.ICMP, Wire.icmp(3, 1, 0, sent));
        assertThat(arrives(error)).isTrue();
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    void aRuleThatWantsToBeToldIsAnEvent() {
        String told = "'direction':'OUTBOUND','action':'DENY','protocol':'UDP','log':true";
        Acls.set(gateway, 1, list(AclAction.ALLOW, AclAction.ALLOW, told));
        assertThat(leaves(1, syn(Net.VM1, Net.SERVER, 4000, 443))).isTrue();
        assertThat(gateway.worker.events().poll()).isNull();
        assertThat(leaves(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53))).isFalse();
        assertThat(gateway.worker.events().poll())
                .isEqualTo(new Event(EventKind.PORT_ACL, 1, Net.VM1, Net.SERVER, 17, 1));
    }

    @Test
    void withoutListsEverythingIsAsBefore() {
        Acls.set(gateway, 1, list(AclAction.DENY, AclAction.DENY));
        assertThat(leaves(1, syn(Net.VM1, Net.SERVER, 4000, 443))).isFalse();
        Acls.clear(gateway, 1);
        assertThat(leaves(1, syn(Net.VM1, Net.SERVER, 4000, 443))).isTrue();
    }
}
