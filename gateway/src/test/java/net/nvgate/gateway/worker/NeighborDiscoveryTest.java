package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.Announcements;
import net.nvgate.gateway.neighbor.NeighborAgent;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.neighbor.NeighborTimers;
import net.nvgate.gateway.neighbor.RouterDiscovery;
import net.nvgate.gateway.neighbor.TableLinkAddresses;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.Own6Addresses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Neighbour discovery through the real worker and the real agent. */
@ExtendWith(EalExtension.class)
class NeighborDiscoveryTest {

    private static final byte[] ALL_NODES = Wire6.address("ff02::1");
    private static final byte[] UNSPECIFIED = new byte[16];
    private static final long ASKER_MAC = 0x02000000dd01L;
    private static final byte[] ASKER = Wire6.address("2001:db8:ee::77");
    private static final byte[] NEW = Wire6.address("2001:db8:ee::3");
    private static final int R = 1 << 31;
    private static final int S = 1 << 30;
    private static final int O = 1 << 29;

    private final TestGateway gateway = Net6.on(new TestGateway());
    private final NeighborTimers timers = new NeighborTimers(
            Duration.ofSeconds(1), 3, Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(5), 8);
    private final NeighborAgent agent = new NeighborAgent(
            gateway.neighbors,
            List.of(gateway.channel),
            new TableLinkAddresses(gateway.tables, Net.PA_PORT, Net.EXT_PORT),
            timers,
            new Random(1),
            gateway.tables.epochs::bumpExternal);
    private long now;

    @AfterEach
    void close() {
        gateway.close();
    }

    /** Lets the agent and then the worker do what there is, some time later. */
    private TestGateway.Sent after(long ms) {
        now += ms * 1_000_000;
        agent.doWork(now);
        return gateway.turnAfter(ms);
    }

    private static byte[] onExt(byte[] ip) {
        return Wire.ethernet(Net.EXT_MAC, ASKER_MAC, Wire6.TYPE, ip);
    }

    private static byte[] toGroup(byte[] target, byte[] ip) {
        return Wire.ethernet(Nd.groupMac(target), ASKER_MAC, Wire6.TYPE, ip);
    }

    @Test
    @Requirement("RFC 4861 7.2.4")
    void solicitationsForOurAddressesAreAnswered() {
        byte[] frame = gateway.intoExt(toGroup(Net6.EXTERNAL, Nd.solicitation(ASKER, ASKER_MAC, Net6.EXTERNAL)))
                .onlyExt();
        byte[] expected = Nd.advertisement(Net6.EXTERNAL, ASKER, R | S | O, Net6.EXTERNAL, Net.EXT_MAC);
        assertThat(frame).isEqualTo(Wire.ethernet(ASKER_MAC, Net.EXT_MAC, Wire6.TYPE, expected));

        byte[] unicast = Nd.solicitation(ASKER, ASKER_MAC, Net6.EXTERNAL, Net6.EXTERNAL);
        assertThat(gateway.intoExt(onExt(unicast)).onlyExt()).isEqualTo(frame);

        frame = gateway.intoPa(Wire.ethernet(
                        Nd.groupMac(Net6.PA),
                        Net.HOST_B_MAC,
                        Wire6.TYPE,
                        Nd.solicitation(Net6.HOST_B, Net.HOST_B_MAC, Net6.PA)))
                .onlyPa();
        expected = Nd.advertisement(Net6.PA, Net6.HOST_B, R | S | O, Net6.PA, Net.PA_MAC);
        assertThat(frame).isEqualTo(Wire.ethernet(Net.HOST_B_MAC, Net.PA_MAC, Wire6.TYPE, expected));

        byte[] linkLocal = Wire6.address("fe80::ff:fe00:aa02");
        frame = gateway.intoExt(toGroup(linkLocal, Nd.solicitation(ASKER, ASKER_MAC, linkLocal)))
                .onlyExt();
        expected = Nd.advertisement(linkLocal, ASKER, R | S | O, linkLocal, Net.EXT_MAC);
        assertThat(frame).isEqualTo(Wire.ethernet(ASKER_MAC, Net.EXT_MAC, Wire6.TYPE, expected));
        assertThat(gateway.count(WorkerCounter.ND_HANDLED)).isEqualTo(4);
    }

    @Test
    @Requirement({"RFC 4862 5.4.3", "RFC 4861 7.2.4"})
    void aProbeForOneOfOursIsAnsweredToAllNodes() {
        byte[] frame = gateway.intoExt(toGroup(Net6.EXTERNAL, Nd.solicitation(UNSPECIFIED, 0, Net6.EXTERNAL)))
                .onlyExt();
        byte[] expected = Nd.advertisement(Net6.EXTERNAL, ALL_NODES, R | O, Net6.EXTERNAL, Net.EXT_MAC);
        assertThat(frame).isEqualTo(Wire.ethernet(0x333300000001L, Net.EXT_MAC, Wire6.TYPE, expected));
    }

    @Test
    @Requirement("RFC 4861 7.2.3")
    void solicitationsForOthersAreNotAnswered() {
        for (byte[] target : List.of(Net6.SERVER, Net6.PA, Net6.OUTSIDE_VM1)) {
            assertThat(gateway.intoExt(toGroup(target, Nd.solicitation(ASKER, ASKER_MAC, target)))
                            .isEmpty())
                    .isTrue();
        }
        byte[] ours = Nd.solicitation(ASKER, ASKER_MAC, Net6.EXTERNAL);
        byte[] otherVlan = Wire.tagged(Nd.groupMac(Net6.EXTERNAL), ASKER_MAC, 9, Wire6.TYPE, ours);
        assertThat(gateway.intoExt(otherVlan).isEmpty()).isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ND_NOT_FOR_US, 4L));
    }

    @Test
    @Requirement("RFC 4861 7.1.1")
    void solicitationsThatFailAnyCheckAreDropped() {
        byte[] good = Nd.solicitation(ASKER, ASKER_MAC, Net6.EXTERNAL);
        byte[] body = Wire.slice(good, 48);
        byte[] group = Nd.group(Net6.EXTERNAL);
        byte[] hopLimit = good.clone();
        hopLimit[7] = (byte) 254;
        byte[] checksum = good.clone();
        checksum[60] ^= 1;
        byte[] zeroOption = body.clone();
        zeroOption[17] = 0;
        byte[] longOption = body.clone();
        longOption[17] = 2;
        byte[] multicastTarget = body.clone();
        multicastTarget[0] = (byte) 0xff;
        byte[] code = Wire6.ipv6(ASKER, group, Wire6.ICMPV6, 255, 0, 0, Wire6.icmp(ASKER, group, 135, 1, 0, body));
        byte[][] wrong = {
            hopLimit,
            checksum,
            code,
            Nd.packet(ASKER, group, 135, 0, Wire.slice(body, 0, 15)),
            Nd.packet(ASKER, group, 135, 0, zeroOption),
            Nd.packet(ASKER, group, 135, 0, longOption),
            Nd.packet(ASKER, group, 135, 0, multicastTarget),
            Nd.packet(UNSPECIFIED, group, 135, 0, body),
            Nd.packet(UNSPECIFIED, Net6.EXTERNAL, 135, 0, Net6.EXTERNAL)
        };
        for (int i = 0; i < wrong.length; i++) {
            assertThat(gateway.intoExt(toGroup(Net6.EXTERNAL, wrong[i])).isEmpty())
                    .as("%d", i)
                    .isTrue();
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.MALFORMED_ND, (long) wrong.length));
    }

    @Test
    @Requirement({"RFC 4861 7.2.2", "RFC 4861 7.2.5"})
    void anUnknownNeighbourIsAskedByItsGroupAndItsPacketsWait() {
        byte[] packet = Wire6.udpPacket(Net6.VM1, ASKER, 1, 2);
        assertThat(gateway.intoPa(Net6.fromVm1(1, packet)).isEmpty()).isTrue();
        byte[] asked = after(1).onlyExt();
        assertThat(asked)
                .isEqualTo(Wire.ethernet(
                        Nd.groupMac(ASKER),
                        Net.EXT_MAC,
                        Wire6.TYPE,
                        Nd.solicitation(Net6.EXTERNAL, Net.EXT_MAC, ASKER)));
        gateway.intoExt(onExt(Nd.advertisement(ASKER, Net6.EXTERNAL, S | O, ASKER, ASKER_MAC)));
        byte[] sent = after(1).onlyExt();
        assertThat(Wire6.destination(Net6.outside(sent, ASKER_MAC))).isEqualTo(ASKER);
    }

    @Test
    @Requirement("RFC 4861 7.2.2")
    void aRouterIsAskedByItsLinkLocalAddress() {
        byte[] router = Wire6.address("fe80::99");
        gateway.tables.externalFib6.put(new Fib6Row(
                0,
                Ipv6Address.parse("2600::"),
                16,
                FibEntry.VIA_ROUTER,
                Net6.model(router),
                0,
                0,
                Net6.model(Net6.EXTERNAL),
                0));
        gateway.tables.epochs.bumpExternal();
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, Net6.FAR, 1, 2)));
        byte[] asked = after(1).onlyExt();
        assertThat(Wire.slice(asked, 14)).isEqualTo(Nd.solicitation(Net6.EXTERNAL, Net.EXT_MAC, router));
    }

    @Test
    @Requirement({"RFC 4861 7.1.2", "RFC 4861 7.2.5"})
    void anAdvertisementChangesANeighbourByItsBits() {
        resolve();
        long other = 0x02000000dd02L;
        // Nobody asked for it: ignored.
        gateway.intoExt(onExt(Nd.advertisement(NEW, Net6.EXTERNAL, S | O, NEW, other)));
        // Without the override bit a different MAC is not believed.
        gateway.intoExt(onExt(Nd.advertisement(ASKER, Net6.EXTERNAL, S, ASKER, other)));
        after(1);
        assertThat(mac(ASKER)).isEqualTo(ASKER_MAC);
        assertThat(gateway.neighbors.find(Net.EXT_PORT, Wire6.high(NEW), Wire6.low(NEW)))
                .isZero();
        // To all nodes with the solicited bit: malformed.
        gateway.intoExt(Wire.ethernet(
                0x333300000001L, other, Wire6.TYPE, Nd.advertisement(ASKER, ALL_NODES, S | O, ASKER, other)));
        after(1);
        assertThat(mac(ASKER)).isEqualTo(ASKER_MAC);
        int epoch = gateway.tables.epochs.external();
        gateway.intoExt(
                Wire.ethernet(0x333300000001L, other, Wire6.TYPE, Nd.advertisement(ASKER, ALL_NODES, O, ASKER, other)));
        after(1);
        assertThat(mac(ASKER)).isEqualTo(other);
        assertThat(gateway.tables.epochs.external()).as("flows look again").isNotEqualTo(epoch);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.MALFORMED_ND, 1L));
    }

    @Test
    @Requirement("RFC 4861 7.3")
    void aNeighbourInUseIsVerifiedByUnicast() {
        resolve();
        byte[] probe = null;
        for (int second = 0; second < 61 && probe == null; second++) {
            after(1000);
            gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, ASKER, 1, 2)))
                    .onlyExt();
            List<byte[]> sent = after(1).ext();
            probe = sent.isEmpty() ? null : sent.getFirst();
        }
        assertThat(probe)
                .isEqualTo(Wire.ethernet(
                        ASKER_MAC, Net.EXT_MAC, Wire6.TYPE, Nd.solicitation(Net6.EXTERNAL, Net.EXT_MAC, ASKER, ASKER)));
    }

    @Test
    @Requirement("RFC 4861 7.2.3")
    void whoAsksForUsIsKnownToUs() {
        gateway.intoExt(toGroup(Net6.EXTERNAL, Nd.solicitation(ASKER, ASKER_MAC, Net6.EXTERNAL)));
        after(1);
        assertThat(mac(ASKER)).isEqualTo(ASKER_MAC);
        // Off-link senders and groups are not.
        byte[] far = Wire6.address("2600::1");
        gateway.intoExt(toGroup(Net6.EXTERNAL, Nd.solicitation(far, ASKER_MAC, Net6.EXTERNAL)));
        after(1);
        assertThat(gateway.neighbors.find(Net.EXT_PORT, Wire6.high(far), Wire6.low(far)))
                .isZero();
    }

    private void resolve() {
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, ASKER, 1, 2)));
        after(1);
        gateway.intoExt(onExt(Nd.advertisement(ASKER, Net6.EXTERNAL, S | O, ASKER, ASKER_MAC)));
        after(1);
        assertThat(mac(ASKER)).isEqualTo(ASKER_MAC);
    }

    private long mac(byte[] address) {
        long entry = gateway.neighbors.find(Net.EXT_PORT, Wire6.high(address), Wire6.low(address));
        assertThat(entry).isNotZero();
        return NeighborEntry.mac(NeighborEntry.link(entry));
    }

    private void addTentative() {
        gateway.tables.ownAddresses6.put(
                new Own6Addresses.Row(Net6.model(NEW), Own6Addresses.EXTERNAL | Own6Addresses.TENTATIVE, 64, 0));
        agent.duplicates().replace(List.of(new Announcements.Own(Net.EXT_PORT, Net6.model(NEW), 0)));
    }

    @Test
    @Requirement("RFC 4862 5.4")
    void anAddressOfOursIsProbedForBeforeItIsUsed() {
        addTentative();
        byte[] probe = after(1).onlyExt();
        assertThat(probe)
                .isEqualTo(
                        Wire.ethernet(Nd.groupMac(NEW), Net.EXT_MAC, Wire6.TYPE, Nd.solicitation(UNSPECIFIED, 0, NEW)));
        assertThat(gateway.intoExt(toGroup(NEW, Nd.solicitation(ASKER, ASKER_MAC, NEW)))
                        .isEmpty())
                .as("not answered meanwhile")
                .isTrue();
        assertThat(gateway.intoExt(Net6.fromOutside(Wire6.ping(Net6.SERVER, NEW, 4)))
                        .isEmpty())
                .isTrue();
        assertThat(after(998).isEmpty()).isTrue();
        assertThat(agent.duplicates().takeUnique()).isEmpty();
        after(2);
        assertThat(agent.duplicates().takeUnique())
                .containsExactly(new Announcements.Own(Net.EXT_PORT, Net6.model(NEW), 0));
    }

    @Test
    @Requirement("RFC 4862 5.4")
    void anAddressThatSomebodyHasIsNotUsedAndLookedForAgain() {
        addTentative();
        after(1);
        gateway.intoExt(Wire.ethernet(
                0x333300000001L, ASKER_MAC, Wire6.TYPE, Nd.advertisement(NEW, ALL_NODES, O, NEW, ASKER_MAC)));
        after(2000);
        assertThat(agent.duplicates().takeUnique()).isEmpty();
        assertThat(agent.counters().duplicates.sum()).isEqualTo(1);
        assertThat(after(59_000).isEmpty()).isTrue();
        assertThat(Wire.slice(after(2000).onlyExt(), 14)).isEqualTo(Nd.solicitation(UNSPECIFIED, 0, NEW));
        after(1001);
        assertThat(agent.duplicates().takeUnique())
                .containsExactly(new Announcements.Own(Net.EXT_PORT, Net6.model(NEW), 0));
    }

    @Test
    @Requirement("RFC 4862 5.4.3")
    void twoThatProbeForOneAddressBothLeaveIt() {
        addTentative();
        after(1);
        assertThat(gateway.intoExt(toGroup(NEW, Nd.solicitation(UNSPECIFIED, 0, NEW)))
                        .isEmpty())
                .isTrue();
        after(2000);
        assertThat(agent.duplicates().takeUnique()).isEmpty();
        assertThat(agent.counters().duplicates.sum()).isEqualTo(1);
    }

    @Test
    @Requirement("RFC 4861 7.2.6")
    void ourAddressesAreAdvertisedWithoutBeingAskedFor() {
        Announcements announcements = new Announcements(gateway.channel, agent.counters());
        announcements.replace(List.of(
                new Announcements.Own(Net.EXT_PORT, Net6.model(Net6.EXTERNAL), 7),
                new Announcements.Own(Net.PA_PORT, Net6.model(Net6.PA), 0)));
        announcements.doWork();
        TestGateway.Sent sent = gateway.turnAfter(2);
        byte[] external = Nd.advertisement(Net6.EXTERNAL, ALL_NODES, R | O, Net6.EXTERNAL, Net.EXT_MAC);
        assertThat(sent.ext()).containsExactly(Wire.tagged(0x333300000001L, Net.EXT_MAC, 7, Wire6.TYPE, external));
        byte[] provider = Nd.advertisement(Net6.PA, ALL_NODES, R | O, Net6.PA, Net.PA_MAC);
        assertThat(sent.pa()).containsExactly(Wire.ethernet(0x333300000001L, Net.PA_MAC, Wire6.TYPE, provider));
    }

    @Test
    @Requirement("RFC 4861 6.3.4")
    void aRouterThatAdvertisesItselfIsTheDefaultRouterForItsLifetime() {
        RouterDiscovery routers = new RouterDiscovery(Net.EXT_PORT);
        agent.discoverRouters(routers);
        byte[] second = Wire6.address("fe80::2");
        advertise(Net6.ROUTER, 30);
        advertise(second, 90);
        after(1);
        assertThat(routers.current(now)).contains(Net6.model(Net6.ROUTER));
        after(30_000);
        assertThat(routers.current(now)).contains(Net6.model(second));
        advertise(second, 0);
        after(1);
        assertThat(routers.current(now)).isEmpty();

        byte[] onPa =
                Wire.ethernet(0x333300000001L, ASKER_MAC, Wire6.TYPE, Nd.routerAdvertisement(second, 90, ASKER_MAC));
        gateway.intoPa(onPa);
        after(1);
        assertThat(routers.current(now)).as("only of the external side").isEmpty();
    }

    private void advertise(byte[] router, int lifetimeSeconds) {
        gateway.intoExt(Wire.ethernet(
                0x333300000001L, ASKER_MAC, Wire6.TYPE, Nd.routerAdvertisement(router, lifetimeSeconds, ASKER_MAC)));
    }

    @Test
    @Requirement("RFC 4861 6.1.2")
    void routerAdvertisementsThatFailAnyCheckAreDropped() {
        RouterDiscovery routers = new RouterDiscovery(Net.EXT_PORT);
        agent.discoverRouters(routers);
        byte[] good = Nd.routerAdvertisement(Net6.ROUTER, 90, ASKER_MAC);
        byte[] body = Wire.slice(good, 48);
        byte[] hopLimit = good.clone();
        hopLimit[7] = 64;
        byte[] checksum = good.clone();
        checksum[50] ^= 1;
        byte[] zeroOption = body.clone();
        zeroOption[9] = 0;
        byte[] code = Wire6.icmp(Net6.ROUTER, ALL_NODES, 134, 1, 90, body);
        byte[][] wrong = {
            hopLimit,
            checksum,
            Nd.routerAdvertisement(Net6.SERVER, 90, ASKER_MAC),
            Wire6.ipv6(Net6.ROUTER, ALL_NODES, Wire6.ICMPV6, 255, 0, 0, code),
            Nd.packet(Net6.ROUTER, ALL_NODES, 134, 90, new byte[7]),
            Nd.packet(Net6.ROUTER, ALL_NODES, 134, 90, zeroOption)
        };
        for (byte[] packet : wrong) {
            gateway.intoExt(Wire.ethernet(0x333300000001L, ASKER_MAC, Wire6.TYPE, packet));
        }
        after(1);
        assertThat(routers.current(now)).isEmpty();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.MALFORMED_ND, (long) wrong.length));
    }

    @Test
    void whoClaimsOurAddressIsCounted() {
        gateway.intoExt(onExt(Nd.advertisement(Net6.EXTERNAL, ALL_NODES, O, Net6.EXTERNAL, ASKER_MAC)));
        after(1);
        assertThat(agent.counters().conflicts.sum()).isEqualTo(1);
    }

    @Test
    @Requirement("RFC 4861 7.2.4")
    void aVmLearnsTheMacOfItsGatewayAndRouter() {
        byte[] ask = Nd.solicitation(Net6.VM1, Net.VM1_MAC, Net6.GATEWAY_CA);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, ask)).onlyPa();
        byte[] inner = TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.GATEWAY_VSID[1]);
        byte[] answer = Nd.advertisement(Net6.GATEWAY_CA, Net6.VM1, R | S | O, Net6.GATEWAY_CA, Net.GATEWAY_MAC);
        assertThat(inner).isEqualTo(Wire.ethernet(Net.VM1_MAC, Net.GATEWAY_MAC, Wire6.TYPE, answer));

        // By its group, from a link-local address, inside outer IPv6, in the VM's own VSID.
        byte[] linkLocal = Wire6.address("fe80::12");
        byte[] multicast = Wire.ethernet(
                Nd.groupMac(Net6.DG), Net.VM2_MAC, Wire6.TYPE, Nd.solicitation(linkLocal, Net.VM2_MAC, Net6.DG));
        frame = gateway.intoPa(Net6.outer(Wire.gre(0x20006558, Net.VM_VSID[1], 3, multicast)))
                .onlyPa();
        byte[] outer = Wire.slice(frame, 14);
        assertThat(Wire6.source(outer)).isEqualTo(Net6.PA);
        assertThat(Wire6.destination(outer)).isEqualTo(Net6.HOST_B);
        Wire6.requireRight(outer);
        assertThat(Wire.i32(outer, 44) >>> 8).isEqualTo(Net.VM_VSID[1]);
        answer = Nd.advertisement(Net6.DG, linkLocal, R | S | O, Net6.DG, Net.DG_MAC);
        assertThat(Wire.slice(outer, 48)).isEqualTo(Wire.ethernet(Net.VM2_MAC, Net.DG_MAC, Wire6.TYPE, answer));
    }

    @Test
    @Requirement("RFC 4862 5.4.3")
    void aVmThatProbesForTheGatewaysAddressIsTold() {
        byte[] probe =
                Wire.ethernet(Nd.groupMac(Net6.DG), Net.VM1_MAC, Wire6.TYPE, Nd.solicitation(UNSPECIFIED, 0, Net6.DG));
        byte[] frame = gateway.intoPa(Net.outer(Net.HOST_A, Wire.gre(0x20006558, Net.VM_VSID[1], 3, probe)))
                .onlyPa();
        byte[] inner = TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]);
        byte[] answer = Nd.advertisement(Net6.DG, ALL_NODES, R | O, Net6.DG, Net.DG_MAC);
        assertThat(inner).isEqualTo(Wire.ethernet(0x333300000001L, Net.DG_MAC, Wire6.TYPE, answer));
    }

    @Test
    void arpOfAVmOnAnIpv6HostIsAnsweredByIpv6() {
        int hostB = gateway.tables.providerAddresses6.handle(Net6.model(Net6.HOST_B));
        gateway.record(1, Net.VM2, Net.VM_VSID[1], Net.VM2_MAC, hostB, 0);
        byte[] request =
                Wire.ethernet(0xffffffffffffL, Net.VM2_MAC, 0x806, Wire.arp(1, Net.VM2_MAC, Net.VM2, 0, Net.DG));
        byte[] frame = gateway.intoPa(Net6.outer(Wire.gre(0x20006558, Net.VM_VSID[1], 3, request)))
                .onlyPa();
        byte[] outer = Wire.slice(frame, 14);
        Wire6.requireRight(outer);
        assertThat(Wire6.destination(outer)).isEqualTo(Net6.HOST_B);
        byte[] expected =
                Wire.ethernet(Net.VM2_MAC, Net.DG_MAC, 0x806, Wire.arp(2, Net.DG_MAC, Net.DG, Net.VM2_MAC, Net.VM2));
        assertThat(Wire.slice(outer, 48)).isEqualTo(expected);
    }
}
