package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.nat.NatTimers;
import net.nvgate.gateway.neighbor.Announcements;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.neighbor.NeighborCounters;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.trace.TraceReport;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.Side;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchFilter;
import net.nvgate.gateway.watch.WatchReader;
import net.nvgate.gateway.watch.WatchedPacket;
import org.junit.jupiter.api.Test;

/** What a worker reports of packets that are watched, and of packets that are none. */
class TapTest extends GatewayFixture {

    private static final int SYN = 2;

    private Watch watch(WatchFilter filter, int packets) {
        Watch.Limits limits = new Watch.Limits(packets, 1 << 20, 1 << 14, gateway.nowMs() + 60_000);
        return post(Watch.of(filter, limits, true, 1 << 16));
    }

    private Watch post(Watch watch) {
        assertThat(gateway.worker.tap().post(watch)).isTrue();
        gateway.turnAfter(1);
        return watch;
    }

    private WatchedPacket trial(byte[] frame, boolean fromPa) {
        Watch watch = Watch.trial(frame, fromPa, gateway.nowMs() + 60_000);
        assertThat(gateway.worker.tap().post(watch)).isTrue();
        assertThat(gateway.turnAfter(1).isEmpty()).as("nothing leaves").isTrue();
        gateway.turnAfter(1);
        assertThat(watch.isDone()).isTrue();
        return one(watch);
    }

    private static WatchedPacket one(Watch watch) {
        List<WatchedPacket> all = all(watch);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static List<WatchedPacket> all(Watch watch) {
        WatchReader reader = new WatchReader(watch);
        List<WatchedPacket> packets = new ArrayList<>();
        for (WatchedPacket packet = reader.next(); packet != null; packet = reader.next()) {
            packets.add(packet);
        }
        return packets;
    }

    private static List<Step> steps(WatchedPacket packet) {
        return decisions(packet).stream().map(WatchedPacket.Decision::step).toList();
    }

    private static List<WatchedPacket.Decision> decisions(WatchedPacket packet) {
        return packet.records().stream()
                .filter(WatchedPacket.Decision.class::isInstance)
                .map(WatchedPacket.Decision.class::cast)
                .toList();
    }

    private static List<DropReason> drops(WatchedPacket packet) {
        return packet.records().stream()
                .filter(WatchedPacket.Drop.class::isInstance)
                .map(record -> DropReason.of(((WatchedPacket.Drop) record).reason()))
                .toList();
    }

    private static List<WatchedPacket.Frame> frames(WatchedPacket packet) {
        return packet.records().stream()
                .filter(WatchedPacket.Frame.class::isInstance)
                .map(WatchedPacket.Frame.class::cast)
                .toList();
    }

    private static WatchFilter between(int inside, int remote) {
        return new WatchFilter(
                1,
                0,
                0,
                new WatchFilter.Endpoint(true, 0, FrameView.mapped(inside), 0),
                new WatchFilter.Endpoint(remote != 0, 0, FrameView.mapped(remote), 0));
    }

    private static byte[] request(int port) {
        return Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, port, 53));
    }

    @Test
    void packetOnItsWayOutReportsEachDecision() {
        Watch watch = watch(between(Net.VM1, Net.SERVER), 10);
        byte[] sent = gateway.intoPa(request(4000)).onlyExt();
        WatchedPacket packet = one(watch);
        assertThat(steps(packet)).containsExactly(Step.VSID, Step.SOURCE, Step.ROUTE, Step.NAT_MAPPING, Step.SESSION);
        assertThat(drops(packet)).isEmpty();
        assertThat(frames(packet)).hasSize(2).satisfies(frames -> {
            assertThat(frames.get(0).side()).isEqualTo(Side.PA);
            assertThat(frames.get(0).out()).isFalse();
            assertThat(frames.get(0).bytes()).isEqualTo(request(4000));
            assertThat(frames.get(1).side()).isEqualTo(Side.EXT);
            assertThat(frames.get(1).out()).isTrue();
            assertThat(frames.get(1).bytes()).isEqualTo(sent);
        });
    }

    @Test
    void answerIsTheTenantsByItsSession() {
        gateway.intoPa(request(4000));
        Watch watch = watch(between(Net.VM1, 0), 10);
        gateway.intoExt(
                Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[2], 53, 4000)),
                Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        WatchedPacket packet = one(watch);
        assertThat(steps(packet)).containsExactly(Step.SESSION);
        assertThat(frames(packet)).extracting(WatchedPacket.Frame::side).containsExactly(Side.EXT, Side.PA);
    }

    @Test
    void othersAreForwardedInTheirOrderAndNotReported() {
        gateway.intoPa(request(4000), request(4001), request(4002));
        WatchFilter second =
                new WatchFilter(1, 0, Wire.UDP, new WatchFilter.Endpoint(false, 0, 0, 4001), WatchFilter.Endpoint.ANY);
        Watch watch = watch(second, 10);
        List<byte[]> sent =
                gateway.intoPa(request(4000), request(4001), request(4002)).ext();
        assertThat(sent)
                .extracting(frame -> Wire.u16(TestGateway.ip(frame), 20))
                .containsExactly(4000, 4001, 4002);
        assertThat(steps(one(watch))).containsExactly(Step.VSID, Step.SESSION);
        assertThat(gateway.count(WorkerCounter.PA_RX_PACKETS)).isEqualTo(6);
        assertThat(gateway.worker.counters().vsid(3, VsidCounter.RX_PACKETS)).isEqualTo(6);
    }

    @Test
    void aWatchEndsWithItsLastPacket() {
        Watch watch = watch(between(Net.VM1, 0), 2);
        gateway.intoPa(request(4000), request(4001), request(4002));
        gateway.turnAfter(1);
        assertThat(watch.isDone()).isTrue();
        assertThat(all(watch)).hasSize(2);
    }

    @Test
    void aWatchEndsWithItsTime() {
        Watch watch = watch(between(Net.VM1, 0), 2);
        gateway.turnAfter(60_001);
        assertThat(watch.isDone()).isTrue();
        gateway.intoPa(request(4000));
        assertThat(all(watch)).isEmpty();
    }

    @Test
    void whatFindsNoRoomIsCountedAndTheRestIsWhole() {
        Watch.Limits limits = new Watch.Limits(1_000, 1 << 20, 1 << 14, gateway.nowMs() + 60_000);
        Watch watch = post(Watch.of(between(Net.VM1, 0), limits, true, 1 << 10));
        for (int i = 0; i < 20; i++) {
            gateway.intoPa(request(4000 + i));
        }
        List<WatchedPacket> read = all(watch);
        assertThat(read)
                .isNotEmpty()
                .allSatisfy(packet -> assertThat(frames(packet)).hasSize(2));
        assertThat(watch.lost()).isEqualTo(20 - read.size());
        gateway.intoPa(request(4100));
        assertThat(frames(one(watch)).getFirst().bytes()).isEqualTo(request(4100));
    }

    @Test
    void aDropIsToldWithItsReason() {
        Watch watch = watch(
                new WatchFilter(0, Net.GATEWAY_VSID[1], 0, WatchFilter.Endpoint.ANY, WatchFilter.Endpoint.ANY), 10);
        gateway.intoPa(
                Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, Net.udp(Net.VM1, Net.SERVER, 1, 2)));
        WatchedPacket packet = one(watch);
        assertThat(drops(packet)).containsExactly(DropReason.SPOOFED_SOURCE);
        assertThat(steps(packet)).containsExactly(Step.VSID, Step.SOURCE);
    }

    @Test
    void aTrialLeavesNothingBehind() {
        WatchedPacket packet = trial(request(4000), true);
        assertThat(steps(packet)).containsExactly(Step.VSID, Step.SOURCE, Step.ROUTE, Step.NAT_MAPPING, Step.SESSION);
        assertThat(frames(packet)).extracting(WatchedPacket.Frame::side).containsExactly(Side.PA, Side.EXT);
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 10, 0)).isEmpty();
        assertThat(gateway.worker.nat().used()).isZero();
        for (WorkerCounter counter : List.of(
                WorkerCounter.PA_RX_PACKETS,
                WorkerCounter.EXT_TX_PACKETS,
                WorkerCounter.FIRST_PACKETS,
                WorkerCounter.SESSIONS_CREATED,
                WorkerCounter.SESSIONS_ENDED)) {
            assertThat(gateway.count(counter)).as(counter.label()).isZero();
        }
        assertThat(gateway.worker.counters().vsid(3, VsidCounter.RX_PACKETS)).isZero();
        byte[] sent = TestGateway.ip(gateway.intoPa(request(4000)).onlyExt());
        assertThat(Wire.u16(sent, 20)).as("the port did not have to rest").isEqualTo(4000);
    }

    @Test
    void aTrialOfASessionChangesNothingOfIt() {
        byte[] data = Net.fromVm1(1, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, SYN));
        gateway.intoPa(data);
        var before = gateway.worker.sessions().list(SessionFilter.ALL, 10, gateway.nowMs());
        WatchedPacket reset = trial(Net.fromVm1(1, Net.tcp(Net.VM1, Net.SERVER, 4001, 80, 4)), true);
        assertThat(steps(reset)).containsExactly(Step.VSID, Step.SESSION);
        var after = gateway.worker.sessions().list(SessionFilter.ALL, 10, gateway.nowMs() - 2);
        assertThat(after).isEqualTo(before);
    }

    /** It would have ended by the next packet: that is counted, and its port rests. */
    @Test
    void aSessionOfAConnectionThatIsGoneEndsInTruthWhenATrialFindsIt() {
        gateway.intoPa(request(4000));
        anotherConnection();
        assertThat(steps(trial(request(4000), true))).endsWith(Step.NAT_MAPPING, Step.SESSION);
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 10, 0)).isEmpty();
        assertThat(gateway.worker.nat().used()).isZero();
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isOne();
        assertThat(gateway.count(WorkerCounter.SESSIONS_ENDED)).isOne();
        byte[] sent = TestGateway.ip(gateway.intoPa(request(4000)).onlyExt());
        assertThat(Wire.u16(sent, 20)).as("its port rests").isNotEqualTo(4000);
    }

    @Test
    void aMappingOfAConnectionThatIsGoneEndsInTruthWhenATrialFindsIt() {
        gateway.intoPa(request(4000));
        anotherConnection();
        trial(Net.fromVm1(1, Net.udp(Net.VM1, Net.FAR, 4000, 53)), true);
        assertThat(gateway.worker.nat().used()).isZero();
        byte[] sent = TestGateway.ip(gateway.intoPa(request(4000)).onlyExt());
        assertThat(Wire.u16(sent, 20)).as("its port rests").isNotEqualTo(4000);
    }

    private void anotherConnection() {
        NatTable.Connection there = Objects.requireNonNull(gateway.tables.nat.connections.rowOf(1));
        gateway.connection(new NatTable.Connection(
                there.externalIp(), 1, 1, there.portMin(), there.portMax(), there.generation() + 100));
    }

    @Test
    void aTrialMeetsTheQuotasAndPoolsOfTheMoment() {
        gateway.close();
        gateway = new TestGateway(TestGateway.CONFIG.withNatTimers(NatTimers.DEFAULT));
        gateway.nat(1, 1, 4000, 4000);
        gateway.intoPa(request(4000));
        WatchedPacket refused = trial(request(4001), true);
        assertThat(drops(refused)).containsExactly(DropReason.NAT_PORTS_EXHAUSTED);
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.worker.events().poll()).isNull();
    }

    @Test
    void aTrialFromOutsideNobodyAskedFor() {
        WatchedPacket packet = trial(Net.fromOutside(Net.tcp(Net.SERVER, Net.NAT[1], 80, 4001, SYN)), false);
        assertThat(drops(packet)).containsExactly(DropReason.UNSOLICITED);
        assertThat(gateway.mbufsHeld()).isZero();
    }

    @Test
    void aPacketThatWaitsForItsNeighborSaysForWhom() {
        WatchedPacket packet = trial(Net.fromVm1(1, Net.udp(Net.VM1, Net.SILENT, 4000, 53)), true);
        assertThat(steps(packet)).endsWith(Step.SESSION, Step.WAITS_FOR_NEIGHBOR);
        assertThat(gateway.mbufsHeld()).isZero();
    }

    @Test
    void aNatRuleIsReportedWithItsProtocol() {
        gateway.rule(1, Wire.UDP, 53, Net.VM1, 53);
        WatchedPacket in = trial(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 4000, 53)), false);
        WatchedPacket out = trial(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 53, 4000)), true);
        for (WatchedPacket packet : List.of(in, out)) {
            assertThat(decisions(packet))
                    .filteredOn(decision -> decision.step() == Step.NAT_RULE)
                    .singleElement()
                    .satisfies(decision -> assertThat(decision.d()).isEqualTo(Wire.UDP));
        }
    }

    /** A packet whose neighbour has answered, and an announcement, are collected when the trial's turn comes. */
    @Test
    void aTrialTakesNoOtherPacketAlong() {
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SILENT, 4000, 53)));
        gateway.turnAfter(1);
        FixedNeighbors.add(gateway.neighbors, Net.EXT_PORT, Net.SILENT, Net.SERVER_MAC + 1);
        Announcements announcements = new Announcements(gateway.channel, new NeighborCounters());
        announcements.replace(List.of(new Announcements.Own(Net.PA_PORT, new Ipv4Address(Net.GATEWAY_PA), 0)));
        announcements.doWork();
        Watch watch = Watch.trial(request(4001), true, gateway.nowMs() + 60_000);
        assertThat(gateway.worker.tap().post(watch)).isTrue();
        TestGateway.Sent sent = gateway.turnAfter(1);
        assertThat(sent.ext()).hasSize(1);
        assertThat(Wire.u16(TestGateway.ip(sent.ext().getFirst()), 20))
                .as("what waited")
                .isEqualTo(4000);
        assertThat(sent.pa()).as("the announcement").hasSize(1);
        assertThat(gateway.count(WorkerCounter.EXT_TX_PACKETS)).isEqualTo(1);
        assertThat(gateway.count(WorkerCounter.PA_TX_PACKETS)).isEqualTo(1);
        gateway.turnAfter(1);
        WatchedPacket packet = one(watch);
        assertThat(steps(packet)).endsWith(Step.NAT_MAPPING, Step.SESSION);
        assertThat(frames(packet)).as("only the trial's").hasSize(2);
    }

    /** GRE outside is what a VM with an address of its own and a remote host send each other, whatever is in it. */
    @Test
    void greFromOutsideIsNoTunnel() {
        int external = Wire.address("203.0.113.12");
        gateway.oneToOne(1, external, Net.VM2);
        byte[] inner = Wire.ethernet(Net.VM1_MAC, Net.VM2_MAC, 0x800, Net.udp(Net.VM1, Net.FAR, 4000, 53));
        byte[] gre = Wire.gre(0x20006558, Net.VM_VSID[1], 7, inner);
        Watch ends = watch(between(Net.VM2, Net.SERVER), 10);
        Watch inside = watch(between(Net.VM1, Net.FAR), 10);
        WatchFilter.Endpoint any = WatchFilter.Endpoint.ANY;
        Watch protocol = watch(new WatchFilter(0, 0, Wire.GRE, any, any), 10);
        gateway.intoExt(Net.fromOutside(Wire.ipv4(Net.SERVER, external, Wire.GRE, gre)))
                .onlyPa();
        WatchedPacket packet = one(ends);
        assertThat(frames(packet)).extracting(WatchedPacket.Frame::side).containsExactly(Side.EXT, Side.PA);
        assertThat(all(inside)).as("what is in it").isEmpty();
        assertThat(all(protocol)).hasSize(1);
        Map<String, Object> report = new TraceReport(WatchFixture.names(gateway), 0).of(packet);
        assertThat(report.get("packet"))
                .isEqualTo("protocol 47 " + new Ipv4Address(Net.SERVER) + " to " + new Ipv4Address(external));
    }

    /** ARP outside is nobody's, and what comes to a tenant's external address is not another tenant's. */
    @Test
    void aVsidsWatchTakesNothingFromOutsideThatIsNotItsTenants() {
        Watch watch = post(Watch.of(
                new WatchFilter(0, Net.VM_VSID[1], 0, WatchFilter.Endpoint.ANY, WatchFilter.Endpoint.ANY),
                new Watch.Limits(10, 1 << 20, 1 << 12, gateway.nowMs() + 60_000),
                true,
                1 << 16));
        gateway.intoExt(Wire.ethernet(Net.ROUTER_MAC, -1L >>> 16, 0x806, new byte[28]));
        gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[2], 53, 4000)));
        gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        assertThat(all(watch)).as("to its own tenant's address").hasSize(1);
    }
}
