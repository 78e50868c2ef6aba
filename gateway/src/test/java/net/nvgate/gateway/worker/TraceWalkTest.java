package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.trace.TraceReport;
import net.nvgate.gateway.watch.Watch;
import org.junit.jupiter.api.Test;

/**
 * From complaint to cause, see gateway/docs/troubleshooting.md: each fault is provoked, and both the trial of such a packet and the watched
 * packet itself name the object that is to blame, to the operator and to the tenant; the counter of the reason has counted the real one only.
 */
class TraceWalkTest extends GatewayFixture {

    private void dropped(DropReason reason, byte[] frame, String operator, String tenant) {
        dropped(reason, frame, operator, tenant, 1);
    }

    private void dropped(DropReason reason, byte[] frame, String operator, String tenant, long count) {
        long before = gateway.worker.counters().drops(reason);
        Map<String, Object> trial =
                new TraceReport(WatchFixture.names(gateway), 0).of(WatchFixture.trial(gateway, frame, true));
        assertThat(gateway.worker.counters().drops(reason))
                .as("a trial is not counted")
                .isEqualTo(before);
        Watch watch = WatchFixture.all(gateway);
        gateway.intoPa(frame);
        var packet = WatchFixture.read(watch).getFirst();
        assertThat(new TraceReport(WatchFixture.names(gateway), 0).of(packet)).isEqualTo(trial);
        assertThat(trial)
                .containsEntry("verdict", "DROPPED")
                .containsEntry("reason", reason.label())
                .containsEntry("summary", "dropped: " + operator);
        Map<String, Object> forTenant = new TraceReport(WatchFixture.names(gateway), 1).of(packet);
        assertThat(forTenant).containsEntry("summary", "dropped: " + tenant);
        assertThat(forTenant.toString()).as("no provider addresses").doesNotContain("10.10.10.");
        assertThat(gateway.drops()).containsEntry(reason, count);
    }

    private static byte[] from(int host, byte[] ip) {
        return Net.nvgre(host, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, ip);
    }

    private static byte[] request(int port) {
        return Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, port, 53));
    }

    @Test
    void spoofedSource() {
        dropped(
                DropReason.SPOOFED_SOURCE,
                from(Net.HOST_B, Net.udp(Net.VM1, Net.SERVER, 1, 2)),
                "VM 192.168.1.3 (VM vm-192.168.1.3) is at provider address 10.10.10.9, the packet came from 10.10.10.8",
                "VM 192.168.1.3 is another host's address (VM vm-192.168.1.3)");
    }

    @Test
    void sourceInNoRecord() {
        int stranger = Wire.address("192.168.1.99");
        String cause = "VM 192.168.1.99 is in no lookup record";
        dropped(DropReason.SPOOFED_SOURCE, from(Net.HOST_A, Net.udp(stranger, Net.SERVER, 1, 2)), cause, cause);
    }

    @Test
    void destinationInNoRecord() {
        int nobody = Wire.address("192.168.1.99");
        String cause = "VM 192.168.1.99 is not in a lookup record of VM network net-1";
        dropped(DropReason.NO_RECORD, Net.fromVm1(1, Net.udp(Net.VM1, nobody, 1, 2)), cause, cause);
    }

    @Test
    void poolExhausted() {
        gateway.nat(1, 1, 4000, 4000);
        gateway.intoPa(request(4000));
        String cause = "VM network net-1 has used up the ports of its external addresses";
        dropped(DropReason.NAT_PORTS_EXHAUSTED, request(4001), cause, cause);
    }

    @Test
    void quota() {
        gateway.tables.nat.quotas.set(1, new NatQuotas.Row(0, 1, 0, 0, 0, 0));
        gateway.intoPa(request(4000));
        String cause = "quota-tenant-sessions of VM network net-1: the tenant has as many sessions as its quota allows";
        dropped(DropReason.QUOTA_TENANT_SESSIONS, request(4001), cause, cause);
    }

    @Test
    void mtu() {
        byte[] packet = Wire.ipv4(Net.VM1, Net.VM2, Wire.UDP, Wire.udp(Net.VM1, Net.VM2, 1, 2, new byte[1450]));
        String cause = "1478 bytes do not fit the MTU of 1458 bytes, and the packet must not be fragmented";
        dropped(DropReason.TOO_BIG, Net.fromVm1(1, packet), cause, cause);
    }

    @Test
    void noRoute() {
        String cause = "VM network net-1 has no route to 172.31.0.1";
        int elsewhere = Wire.address("172.31.0.1");
        dropped(DropReason.NO_ROUTE, Net.fromVm1(1, Net.udp(Net.VM1, elsewhere, 1, 2)), cause, cause);
    }

    @Test
    void unknownVsid() {
        String cause = "VSID 7777 is no virtual subnet of this gateway";
        byte[] frame = Net.nvgre(Net.HOST_A, 7777, Net.GATEWAY_MAC, 0x800, Net.udp(Net.VM1, Net.SERVER, 1, 2));
        dropped(DropReason.UNKNOWN_VSID, frame, cause, cause);
    }

    @Test
    void wrongInnerMac() {
        String cause = "the inner destination MAC is none of VSID 5001 (subnet-5001)'s gateway"
                .replace("5001", String.valueOf(Net.GATEWAY_VSID[1]));
        byte[] frame =
                Net.nvgre(Net.HOST_A, Net.GATEWAY_VSID[1], 0x020000000099L, 0x800, Net.udp(Net.VM1, Net.SERVER, 1, 2));
        dropped(DropReason.INNER_WRONG_MAC, frame, cause, cause);
    }

    @Test
    void acl() {
        Acls.set(
                gateway,
                1,
                Acls.list(AclAction.ALLOW, AclAction.ALLOW, "'direction':'OUTBOUND','action':'DENY','protocol':'UDP'"));
        String cause = Objects.requireNonNull(gateway.tables.acls.of(1))
                .name(AclDirection.OUTBOUND, 0, 0)
                .toString();
        assertThat(cause).startsWith("rule 1");
        dropped(DropReason.ACL, request(4000), cause, cause);
        dropped(DropReason.ACL, Net.fromVm1(1, Net.udp(Net.VM1, Net.VM2, 1, 2)), cause, cause, 2);
    }

    @Test
    void theProvidersListHasNoNameForTenants() {
        String rule = "'direction':'OUTBOUND','action':'DENY','protocol':'UDP','name':'no secret'";
        Acls.set(gateway, 1, Acls.ofProvider("hidden", Acls.list(AclAction.ALLOW, AclAction.ALLOW, rule)));
        dropped(
                DropReason.ACL,
                request(4000),
                "rule 1 'no secret' of the provider's port ACL 'hidden'",
                "the provider's port ACL");
        var denied = WatchFixture.trial(gateway, request(4001), true);
        assertThat(new TraceReport(WatchFixture.names(gateway), 1).of(denied).toString())
                .contains("the provider's port ACL")
                .doesNotContain("hidden", "secret", "rule 1");
    }

    @Test
    void whatTheProvidersListAllowsIsNotForTenants() {
        var provider = Acls.ofProvider("hidden", Acls.list(AclAction.ALLOW, AclAction.ALLOW));
        Acls.set(gateway, 1, provider);
        var allowed = WatchFixture.trial(gateway, request(4000), true);
        assertThat(new TraceReport(WatchFixture.names(gateway), 0).of(allowed).toString())
                .contains("allowed by the default outbound action of the provider's port ACL 'hidden'");
        assertThat(new TraceReport(WatchFixture.names(gateway), 1).of(allowed).toString())
                .doesNotContain("allowed by", "hidden");
        Acls.set(gateway, 1, provider, Acls.list(AclAction.ALLOW, AclAction.ALLOW));
        var both = WatchFixture.trial(gateway, request(4000), true);
        assertThat(new TraceReport(WatchFixture.names(gateway), 1).of(both).toString())
                .contains("allowed by the default outbound action of port ACL 'test'")
                .doesNotContain("hidden");
    }

    @Test
    void rateLimit() {
        gateway.tables.rates.setTenant(1, new RateLimits.Row(0, 0, 0, 1, false, false));
        gateway.tables.epochs.bump(1);
        gateway.intoPa(request(4000), request(4000));
        String cause = "faster than the limit of VM network net-1, 1 packets per second to outside";
        dropped(DropReason.LIMIT_PACKETS_OUT, request(4000), cause, cause);
    }

    private void waits(RateLimits.Row tenant, String operator, String tenants) {
        gateway.tables.rates.setTenant(1, tenant);
        gateway.tables.epochs.bump(1);
        byte[] big = Net.fromVm1(
                1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, Wire.udp(Net.VM1, Net.SERVER, 4000, 53, new byte[1400])));
        gateway.intoPa(big, big);
        var packet = WatchFixture.trial(gateway, big, true);
        assertThat(new TraceReport(WatchFixture.names(gateway), 0).of(packet)).containsEntry("summary", operator);
        assertThat(new TraceReport(WatchFixture.names(gateway), 1).of(packet)).containsEntry("summary", tenants);
    }

    @Test
    void aPortProfilesMaximumIsCalledThat() {
        gateway.tables.nicRates.set(1, new Ipv4Address(Net.VM1), new NicRates.Row(10, 0, 3, Net.VM1));
        gateway.tables.rates.setNic(3, new RateLimits.Row(7, 7, 0, 0, true, false));
        String text =
                "waits: in the queue of the maximum of the VM's port profile, VM network net-1, 7 kbit/s to outside";
        waits(new RateLimits.Row(0, 0, 0, 0, false, false, true), text, text);
    }

    @Test
    void aNatConnectionsLimitIsCalledThat() {
        gateway.tables.rates.setConnection(1, new RateLimits.Row(0, 7, 0, 0, true, false));
        String text = "waits: in the queue of the limit of a NAT connection of VM network net-1, 7 kbit/s to outside";
        waits(new RateLimits.Row(0, 0, 0, 0, false, true), text, text);
    }

    @Test
    void thePortsRateIsForTheOperatorAlone() {
        gateway.tables.rates.setPorts(new RateLimits.Row(0, 7, 0, 0, true, false));
        waits(
                RateLimits.Row.NONE,
                "waits: in the queue of the rate of port ext, 7 kbit/s to outside",
                "waits: the gateway's port is busy");
    }

    @Test
    void ofTwoLimitsTheOneThatIsExceededIsNamed() {
        gateway.tables.rates.setTenant(1, new RateLimits.Row(0, 1_000_000, 0, 1, false, false));
        gateway.tables.epochs.bump(1);
        gateway.intoPa(request(4000), request(4000));
        String cause = "faster than the limit of VM network net-1, 1 packets per second to outside";
        dropped(DropReason.LIMIT_PACKETS_OUT, request(4000), cause, cause);
    }

    @Test
    void aTrialTakesNothingOfALimit() {
        gateway.tables.rates.setTenant(1, new RateLimits.Row(0, 0, 0, 1, false, false));
        gateway.tables.epochs.bump(1);
        for (int i = 0; i < 5; i++) {
            WatchFixture.trial(gateway, request(4000), true);
        }
        gateway.intoPa(request(4000)).onlyExt();
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    void aTrialThatWouldWaitForALimitIsNotSentLater() {
        gateway.tables.rates.setTenant(1, new RateLimits.Row(0, 1, 0, 0, true, false));
        gateway.tables.epochs.bump(1);
        byte[] big = Net.fromVm1(
                1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, Wire.udp(Net.VM1, Net.SERVER, 4000, 53, new byte[1400])));
        gateway.intoPa(big).onlyExt();
        Map<String, Object> report =
                new TraceReport(WatchFixture.names(gateway), 1).of(WatchFixture.trial(gateway, big, true));
        assertThat(report)
                .containsEntry("verdict", "WAITING")
                .containsEntry("summary", "waits: in the queue of the limit of VM network net-1, 1 kbit/s to outside");
        assertThat(gateway.turnAfter(60_000).isEmpty()).isTrue();
        assertThat(gateway.mbufsHeld()).isZero();
    }

    @Test
    void neighborUnresolved() {
        byte[] frame = Net.fromVm1(1, Net.udp(Net.VM1, Net.SILENT, 4000, 53));
        Map<String, Object> operator =
                new TraceReport(WatchFixture.names(gateway), 0).of(WatchFixture.trial(gateway, frame, true));
        assertThat(operator)
                .containsEntry("verdict", "WAITING")
                .containsEntry("summary", "waits: neighbour 203.0.113.77 has not answered ARP or neighbour discovery");
        Map<String, Object> tenant =
                new TraceReport(WatchFixture.names(gateway), 1).of(WatchFixture.trial(gateway, frame, true));
        assertThat(tenant).containsEntry("summary", "waits: the next hop does not answer yet");
        gateway.intoPa(frame);
        gateway.turnAfter(PendingPackets.LIFETIME_MS + 1);
        assertThat(gateway.drops()).containsEntry(DropReason.NEIGHBOR_UNRESOLVED, 1L);
    }

    @Test
    void whatIsForwardedSaysWhere() {
        Map<String, Object> report = new TraceReport(WatchFixture.names(gateway), 0)
                .of(WatchFixture.trial(gateway, Net.fromVm1(1, Net.udp(Net.VM1, Net.VM2, 4000, 53)), true));
        assertThat(report)
                .containsEntry("packet", "UDP 192.168.1.3:4000 to 192.168.1.4:53")
                .containsEntry("verdict", "FORWARDED")
                .containsEntry(
                        "summary",
                        "forwarded: UDP 192.168.1.3:4000 to 192.168.1.4:53, into virtual subnet " + Net.VM_VSID[1]
                                + " (subnet-" + Net.VM_VSID[1] + "), by port pa to provider address 10.10.10.8");
        assertThat(String.valueOf(report.get("steps")))
                .contains(
                        "VM network net-1", "source 192.168.1.3 (VM vm-192.168.1.3) is at provider address 10.10.10.9")
                .contains("lookup record of 192.168.1.4 (VM vm-192.168.1.4) at provider address 10.10.10.8");
    }

    @Test
    void aTenantSeesNothingOfAnotherOneBehindItsNatAddress() {
        gateway.rule(2, Wire.UDP, 53, Net.VM2, 53);
        byte[] frame = Net.fromVm1(1, Net.udp(Net.VM1, Net.NAT[2], 4000, 53));
        var packet = WatchFixture.trial(gateway, frame, true);
        String all = new TraceReport(WatchFixture.names(gateway), 0).of(packet).toString();
        assertThat(all).contains("VSID " + Net.VM_VSID[2], "192.168.1.4");
        String own = new TraceReport(WatchFixture.names(gateway), 1).of(packet).toString();
        for (String secret : List.of("net-2", "192.168.1.4", "VSID " + Net.VM_VSID[2])) {
            assertThat(own).doesNotContain(secret);
        }
    }

    @Test
    void aTenantSeesNothingOfTheLimitOfAnotherOneBehindItsNatAddress() {
        gateway.rule(2, Wire.UDP, 53, Net.VM2, 53);
        gateway.tables.rates.setTenant(2, new RateLimits.Row(1, 0, 0, 0, true, false));
        gateway.tables.epochs.bump(2);
        byte[] frame = Net.fromVm1(
                1, Wire.ipv4(Net.VM1, Net.NAT[2], Wire.UDP, Wire.udp(Net.VM1, Net.NAT[2], 4000, 53, new byte[1400])));
        gateway.intoPa(frame);
        var packet = WatchFixture.trial(gateway, frame, true);
        assertThat(new TraceReport(WatchFixture.names(gateway), 0).of(packet))
                .containsEntry(
                        "summary", "waits: in the queue of the limit of VM network net-2, 1 kbit/s from outside");
        Map<String, Object> own = new TraceReport(WatchFixture.names(gateway), 1).of(packet);
        assertThat(own).containsEntry("summary", "waits: the network that it goes to does not take it yet");
        assertThat(own.toString()).doesNotContain("net-2", "kbit/s");
    }
}
