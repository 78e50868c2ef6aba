package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.watch.WatchFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * As {@link FastPathTest}, of packets that are routed without NAT: {@link FastRoutedPath} and {@link FastFrontEndInput} send and count what the complete path
 * does, while routes, records, interfaces and port ACLs change. Two tenants have the same addresses, 10.0.0.0/8 behind a router in VLAN 101 and 102.
 */
@ExtendWith(EalExtension.class)
class FastRoutedPathTest {

    private static final int OWN = Wire.address("172.16.0.1");
    private static final int ROUTER = Wire.address("172.16.0.2");
    private static final int HOST = Wire.address("172.16.0.50");
    private static final int[] REMOTES = {Wire.address("10.1.2.3"), Wire.address("10.77.0.9"), HOST};
    private static final int BACK = Wire.address("192.168.9.1");
    private static final int BACK_VM = Wire.address("192.168.9.5");
    private static final int BURST_MAX = 24;
    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final int FRONT_IP = 18;
    /** Kinds of {@link #change}. */
    private static final int CHANGES = 6;

    @Test
    void sendsAndCountsWhatTheCompletePathDoes() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        long packets = Long.getLong("fuzz.packets", 40_000);
        long sent = 0;
        for (int round = 0; round < 4; round++) {
            sent += round(seed + round, packets / 4);
        }
        assertThat(sent)
                .as("packets that were sent, of %s, seed %s", packets, seed)
                .isGreaterThan(packets / 3);
    }

    /** Packets that both have sent. */
    private static long round(long seed, long packets) {
        RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
        FrameMutator mutator = new FrameMutator(random, seeds());
        boolean watched = random.nextBoolean();
        long sent = 0;
        try (TestGateway fast = gateway();
                TestGateway complete = gateway()) {
            FastPathTest.watch(complete, WatchFilter.ALL);
            if (watched) {
                FastPathTest.watch(fast, FastPathTest.NOBODY);
            }
            fast.turnAfter(1);
            complete.turnAfter(1);
            for (long done = 0; done < packets; ) {
                if (random.nextInt(20) == 0) {
                    int what = random.nextInt(CHANGES);
                    int tenant = 1 + random.nextInt(2);
                    boolean usual = random.nextInt(3) > 0;
                    change(fast, what, tenant, usual);
                    change(complete, what, tenant, usual);
                }
                boolean fromPa = random.nextBoolean();
                byte[][] frames = new byte[1 + random.nextInt(BURST_MAX)][];
                for (int i = 0; i < frames.length; i++) {
                    frames[i] = frame(mutator, random, fromPa);
                }
                String about = "seed " + seed + " after " + done;
                TestGateway.Sent here = FastPathTest.into(fast, fromPa, frames);
                FastPathTest.compare(about, here, FastPathTest.into(complete, fromPa, frames), frames);
                sent += here.pa().size() + here.ext().size();
                int ms = random.nextInt(50) == 0 ? random.nextInt(5_000) : random.nextInt(3);
                FastPathTest.compare(about + ", " + ms + " ms", fast.turnAfter(ms), complete.turnAfter(ms));
                FastPathTest.requireSameCounts(about, FastPathTest.counts(fast), FastPathTest.counts(complete), frames);
                done += frames.length;
            }
        }
        return sent;
    }

    private static byte[] frame(FrameMutator mutator, RandomGenerator random, boolean fromPa) {
        if (random.nextInt(6) == 0) {
            byte[] frame = mutator.next(fromPa, true);
            return isOfABurst(frame, fromPa) ? frame : frame(mutator, random, fromPa);
        }
        List<FuzzSeeds.Seed> usual =
                seeds().stream().filter(s -> s.fromPa() == fromPa).toList();
        return usual.get(random.nextInt(usual.size())).frame();
    }

    /** In a burst from inside all packets are parsed before the first is forwarded, and untagged ones from outside are forwarded after the others. */
    private static boolean isOfABurst(byte[] frame, boolean fromPa) {
        return fromPa
                ? !FastPathTest.answersItself(frame, true) && Wire.u16(frame, 12) == 0x800
                : frame.length >= FRONT_IP + 20
                        && Wire.u16(frame, 12) == 0x8100
                        && (Wire.u16(frame, FRONT_IP + 6) & 0x3fff) == 0;
    }

    /** Something of a tenant is as it is at first, or not. */
    private static void change(TestGateway gateway, int what, int tenant, boolean usual) {
        switch (what) {
            case 0 -> siteRoute(gateway, tenant, usual);
            case 1 ->
                gateway.record(tenant, Net.VM2, Net.VM_VSID[tenant], Net.VM2_MAC, usual ? Net.HOST_B : Net.HOST_A, 0);
            case 2 -> front(gateway, tenant, usual ? TenantLinks.URPF_STRICT : TenantLinks.URPF_OFF);
            case 3 -> {
                if (usual) {
                    gateway.tables.acls.put(tenant, null);
                } else {
                    Acls.set(gateway, tenant, Acls.list(AclAction.DENY, AclAction.ALLOW));
                }
            }
            case 4 ->
                gateway.record(tenant, Net.VM1, Net.VM_VSID[tenant], Net.VM1_MAC, usual ? Net.HOST_A : Net.HOST_B, 0);
            default -> {
                if (usual) {
                    front(gateway, tenant, TenantLinks.URPF_STRICT);
                } else {
                    gateway.tables.tenantLinks.remove(TenantLinks.frontEnd(100 + tenant));
                }
            }
        }
        gateway.tables.epochs.bump(tenant);
    }

    /** Both ways of two tenants, and between their VMs. Held SYNs and the like are not of this. */
    private static List<FuzzSeeds.Seed> seeds() {
        List<FuzzSeeds.Seed> seeds = new ArrayList<>();
        for (int tenant = 1; tenant <= 2; tenant++) {
            for (int remote : REMOTES) {
                add(seeds, tenant, Net.VM1, remote, Net.udp(Net.VM1, remote, 4000, 53));
                add(seeds, tenant, Net.VM1, remote, Net.tcp(Net.VM1, remote, 4000, 80, ACK));
                add(seeds, tenant, Net.VM1, remote, Net.tcp(Net.VM1, remote, 4001, 80, SYN));
                add(seeds, tenant, remote, Net.VM1, Net.udp(remote, Net.VM1, 53, 4000));
                add(seeds, tenant, remote, Net.VM1, Net.tcp(remote, Net.VM1, 80, 4000, ACK));
                add(seeds, tenant, remote, Net.VM2, Net.tcp(remote, Net.VM2, 80, 4000, SYN));
                add(seeds, tenant, remote, Net.VM2, Wire.ipv4(remote, Net.VM2, 50, new byte[40]));
            }
            add(seeds, tenant, Net.VM1, Net.VM2, Net.udp(Net.VM1, Net.VM2, 4000, 53));
            add(seeds, tenant, Net.VM1, Net.VM2, large(Net.VM1, Net.VM2, 1440));
            add(seeds, tenant, Net.VM1, REMOTES[0], segment(Net.VM1, REMOTES[0], SYN));
            add(seeds, tenant, REMOTES[0], Net.VM1, segment(REMOTES[0], Net.VM1, SYN | ACK));
            add(seeds, tenant, Net.VM1, BACK_VM, Net.udp(Net.VM1, BACK_VM, 4000, 53));
            // Too big for the tunnel, and not to be cut.
            add(seeds, tenant, REMOTES[0], Net.VM1, large(REMOTES[0], Net.VM1, 1470));
            byte[] noWayBack = Net.udp(Wire.address("11.0.0.1"), Net.VM1, 53, 4000);
            add(seeds, tenant, REMOTES[0], Net.VM1, noWayBack);
            byte[] spoofed = Net.udp(Net.VM2, REMOTES[0], 4000, 53);
            add(seeds, tenant, Net.VM1, REMOTES[0], spoofed);
            byte[] lastHop = Net.udp(Net.VM1, REMOTES[0], 4000, 53);
            lastHop[8] = 1;
            add(seeds, tenant, Net.VM1, REMOTES[0], Wire.fixIp(lastHop));
        }
        return seeds;
    }

    /** Announces a maximum segment size that fits no tunnel. */
    private static byte[] segment(int from, int to, int flags) {
        byte[] mss = {2, 4, 1460 >>> 8, (byte) 1460};
        return Wire.ipv4(from, to, Wire.TCP, Wire.tcp(from, to, 4000 << 16 | 80, flags, 1, 0, 1000, mss));
    }

    private static byte[] large(int from, int to, int length) {
        return Wire.ipv4(from, to, Wire.UDP, Wire.udp(from, to, 4000, 53, new byte[length - 28]));
    }

    private static void add(List<FuzzSeeds.Seed> seeds, int tenant, int from, int to, byte[] ip) {
        boolean fromPa = from == Net.VM1;
        assertThat(fromPa || to == Net.VM1 || to == Net.VM2).isTrue();
        seeds.add(new FuzzSeeds.Seed(fromPa, fromPa ? Net.fromVm1(tenant, ip) : fromFront(tenant, ip)));
    }

    private static byte[] fromFront(int tenant, byte[] ip) {
        return Wire.tagged(Net.EXT_MAC, mac(tenant, ROUTER), 100 + tenant, 0x800, ip);
    }

    private static long mac(int tenant, int address) {
        return 0x020000000000L | (long) tenant << 32 | (address & 0xffffffL);
    }

    private static TestGateway gateway() {
        TestGateway gateway = new TestGateway();
        for (int tenant = 1; tenant <= 2; tenant++) {
            front(gateway, tenant, TenantLinks.URPF_STRICT);
            int link = TenantLinks.frontEnd(100 + tenant);
            gateway.tables.tenantLinks.putAddress(new TenantLinks.Address(link, OWN, 24));
            gateway.tables.tenantLinkFib.put(linkRoute(tenant, "172.16.0.0", 24, FibEntry.ON_LINK, 0, OWN, link));
            siteRoute(gateway, tenant, true);
            int port = NeighborEntry.portOf(Net.EXT_PORT, 100 + tenant);
            FixedNeighbors.add(gateway.neighbors, port, ROUTER, mac(tenant, ROUTER));
            FixedNeighbors.add(gateway.neighbors, port, HOST, mac(tenant, HOST));
            back(gateway, tenant);
            gateway.record(tenant, Net.VM2, Net.VM_VSID[tenant], Net.VM2_MAC, Net.HOST_B, 0);
            gateway.tables.epochs.bump(tenant);
        }
        return gateway;
    }

    private static void front(TestGateway gateway, int tenant, int urpf) {
        int link = TenantLinks.frontEnd(100 + tenant);
        gateway.tables.tenantLinks.put(new TenantLinks.Row(link, tenant, urpf, OWN, 0, 2 * tenant));
    }

    private static void back(TestGateway gateway, int tenant) {
        int link = TenantLinks.backEnd(200 + tenant);
        gateway.tables.tenantLinks.put(new TenantLinks.Row(link, tenant, TenantLinks.URPF_STRICT, BACK, 0, -1));
        gateway.tables.tenantLinks.putAddress(new TenantLinks.Address(link, BACK, 24));
        gateway.tables.tenantLinkFib.put(linkRoute(tenant, "192.168.9.0", 24, FibEntry.ON_LINK, 0, BACK, link));
        FixedNeighbors.add(
                gateway.neighbors, NeighborEntry.portOf(Net.PA_PORT, 200 + tenant), BACK_VM, mac(tenant, BACK_VM));
    }

    private static void siteRoute(TestGateway gateway, int tenant, boolean there) {
        int link = TenantLinks.frontEnd(100 + tenant);
        if (there) {
            gateway.tables.tenantLinkFib.put(linkRoute(tenant, "10.0.0.0", 8, FibEntry.VIA_ROUTER, ROUTER, OWN, link));
        } else {
            gateway.tables.tenantLinkFib.remove(tenant, Wire.address("10.0.0.0"), 8);
        }
    }

    private static FibRow linkRoute(
            int tenant, String prefix, int length, int kind, int nextHop, int source, int link) {
        int vlan = TenantLinks.vlan(link);
        return new FibRow(tenant, Wire.address(prefix), length, kind, nextHop, 0, vlan, source, 0, link, List.of());
    }

    @Test
    void aWayThatIsKnownIsTakenUntilTheTenantsEpochMovesOn() {
        try (TestGateway gateway = gateway()) {
            byte[] out = Net.fromVm1(1, Net.udp(Net.VM1, REMOTES[0], 4000, 53));
            byte[] in = fromFront(1, Net.udp(REMOTES[0], Net.VM1, 53, 4000));
            assertThat(gateway.intoPa(out.clone()).ext()).hasSize(1);
            assertThat(gateway.intoExt(in.clone()).pa()).hasSize(1);
            siteRoute(gateway, 1, false);
            // The complete path would look at the routes.
            assertThat(gateway.intoPa(out.clone()).ext()).hasSize(1);
            assertThat(gateway.intoExt(in.clone()).pa()).hasSize(1);
            assertThat(gateway.drops()).isEmpty();
            gateway.tables.epochs.bump(1);
            gateway.intoPa(out.clone());
            assertThat(gateway.intoExt(in.clone()).pa()).isEmpty();
            assertThat(gateway.drops()).containsEntry(DropReason.URPF, 1L);
        }
    }

    @Test
    void portAclsAreAskedAboutEachPacket() {
        try (TestGateway gateway = gateway()) {
            byte[] in = fromFront(1, Net.udp(REMOTES[0], Net.VM1, 53, 4000));
            assertThat(gateway.intoExt(in.clone()).pa()).hasSize(1);
            assertThat(gateway.intoExt(in.clone()).pa()).hasSize(1);
            Acls.set(gateway, 1, Acls.list(AclAction.DENY, AclAction.ALLOW));
            assertThat(gateway.intoExt(in.clone()).pa()).isEmpty();
            assertThat(gateway.intoExt(in.clone()).pa()).isEmpty();
            assertThat(gateway.drops()).containsEntry(DropReason.ACL, 2L);
        }
    }

    @Test
    void aVmsAddressIsKnownByTheHostThatHasIt() {
        try (TestGateway gateway = gateway()) {
            byte[] ip = Net.udp(Net.VM1, REMOTES[0], 4000, 53);
            assertThat(gateway.intoPa(Net.fromVm1(1, ip)).ext()).hasSize(1);
            byte[] elsewhere = Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, ip);
            assertThat(gateway.intoPa(elsewhere).ext()).isEmpty();
            assertThat(gateway.drops()).containsEntry(DropReason.SPOOFED_SOURCE, 1L);
        }
    }
}
