package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.police.FairQueues;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.route.VsidRow;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The fast classes decide nothing that the complete path would decide otherwise: two gateways get the same mutated packets, one of them watched by
 * somebody who wants all, so that each of its packets goes the complete path alone. What they send and count must be the same.
 *
 * <p>Ports that NAT chooses are random, so each address that has any has one. A NAT64 host or an ECMP next hop is not there for the same reason.
 * Not compared is what is random: FlowIDs, of a hash with a seed, and identifications of packets that are not atomic.
 */
@ExtendWith(EalExtension.class)
class FastPathTest {

    private static final int FLOW_ID = 41;
    private static final int INNER = 56;
    private static final int BURST_MAX = 24;
    private static final int PORT_A = 5000;
    private static final int PORT_B = 6000;
    private static final int ACK = 16;
    private static final int ONE_TO_ONE = Wire.address("203.0.113.12");
    /** Of a host that no packet is from or to. */
    static final WatchFilter NOBODY = new WatchFilter(
            0,
            0,
            0,
            WatchFilter.Endpoint.ANY,
            new WatchFilter.Endpoint(true, 0, FrameView.mapped(Wire.address("192.0.2.77")), 0));

    @Test
    void sendsAndCountsWhatTheCompletePathDoes() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        long packets = Long.getLong("fuzz.packets", 60_000);
        long forwarded = 0;
        for (int round = 0; round < 6; round++) {
            forwarded += round(seed + round, packets / 6);
        }
        assertThat(forwarded).as("packets of sessions, of %s", packets).isGreaterThan(packets / 10);
    }

    /** Packets that both have sent. */
    private static long round(long seed, long packets) {
        RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
        FrameMutator all = new FrameMutator(random, FuzzSeeds.all());
        FrameMutator usual = new FrameMutator(random, sessionSeeds());
        int filtering = random.nextInt(3);
        RateLimits.Row limits = random.nextInt(3) == 0
                ? new RateLimits.Row(
                        random.nextInt(2_000), random.nextInt(2_000), 0, random.nextInt(2_000), false, false)
                : RateLimits.Row.NONE;
        RateLimits.Row nic = random.nextInt(2) == 0
                ? new RateLimits.Row(random.nextInt(4_000), 1 + random.nextInt(4_000), 0, 0, false, false)
                : RateLimits.Row.NONE;
        boolean watched = random.nextBoolean();
        long sent = 0;
        try (TestGateway fast = gateway(filtering, limits, nic);
                TestGateway complete = gateway(filtering, limits, nic)) {
            watch(complete, WatchFilter.ALL);
            if (watched) {
                watch(fast, NOBODY);
            }
            fast.turnAfter(1);
            complete.turnAfter(1);
            VsidRow subnet = Objects.requireNonNull(fast.tables.vsids.row(Net.GATEWAY_VSID[1]));
            boolean known = true;
            for (long done = 0; done < packets; ) {
                if (random.nextInt(known ? 200 : 5) == 0) {
                    known = !known;
                    know(fast, subnet, known);
                    know(complete, subnet, known);
                }
                // In a burst all packets are parsed before the first is forwarded: only those of sessions are then told
                // in one order by both.
                boolean burst = random.nextBoolean();
                boolean fromPa = random.nextInt(5) < 3;
                byte[][] frames = new byte[burst ? 1 + random.nextInt(BURST_MAX) : 1][];
                for (int i = 0; i < frames.length; i++) {
                    frames[i] = burst ? usualFrame(usual, random, fromPa) : anyFrame(all, random, fromPa);
                }
                String about = "seed " + seed + " after " + done;
                TestGateway.Sent here = into(fast, fromPa, frames);
                compare(about, here, into(complete, fromPa, frames), frames);
                sent += here.pa().size() + here.ext().size();
                if (random.nextInt(4) == 0) {
                    here.pa().forEach(f -> all.saw(true, f));
                    here.ext().forEach(f -> all.saw(false, f));
                }
                int ms = random.nextInt(50) == 0 ? random.nextInt(20_000) : random.nextInt(3);
                compare(about + ", " + ms + " ms", fast.turnAfter(ms), complete.turnAfter(ms));
                requireSameCounts(about, counts(fast), counts(complete), frames);
                done += frames.length;
            }
        }
        return sent;
    }

    private static TestGateway gateway(int filtering, RateLimits.Row limits, RateLimits.Row nic) {
        // Held SYNs have marks by hashes, whose seed is another in each gateway: two may share one here, and not there.
        TestGateway gateway = new TestGateway(TestGateway.CONFIG.withHeldSynsMax(0));
        gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
        gateway.rule(2, Wire.UDP, 53, Net.VM1, 53);
        gateway.nat(1, 1, PORT_A, PORT_A);
        gateway.nat(2, 2, PORT_B, PORT_B);
        gateway.oneToOne(1, ONE_TO_ONE, Net.VM2);
        gateway.settings(2, s -> s.withFiltering(filtering));
        boolean nics = !nic.equals(RateLimits.Row.NONE);
        gateway.tables.rates.setTenant(1, limits.withNics(nics));
        gateway.tables.rates.setTenant(2, RateLimits.Row.NONE.withNics(nics));
        for (int tenant = 1; nics && tenant <= 2; tenant++) {
            NicRates.Row row = new NicRates.Row(FairQueues.WEIGHT_DEFAULT, 0, tenant, tenant);
            gateway.tables.nicRates.set(tenant, new Ipv4Address(Net.VM1), row);
            gateway.tables.rates.setNic(tenant, nic);
        }
        gateway.tables.epochs.bump(1);
        gateway.tables.epochs.bump(2);
        return gateway;
    }

    static void watch(TestGateway gateway, WatchFilter filter) {
        Watch.Limits limits = new Watch.Limits(Integer.MAX_VALUE, Long.MAX_VALUE, 64, Long.MAX_VALUE);
        for (Worker worker : gateway.workers) {
            assertThat(worker.tap().post(Watch.of(filter, limits, false, 1 << 12)))
                    .isTrue();
        }
    }

    /** The VSID by which tenant 1's packets come is there, or not. */
    private static void know(TestGateway gateway, VsidRow subnet, boolean known) {
        if (known) {
            gateway.tables.vsids.put(subnet);
        } else {
            gateway.tables.vsids.remove(subnet.vsid());
        }
        gateway.tables.epochs.bump(1);
    }

    /** UDP and TCP, both ways, of two tenants. */
    private static List<FuzzSeeds.Seed> sessionSeeds() {
        List<FuzzSeeds.Seed> seeds = new ArrayList<>();
        for (int tenant = 1; tenant <= 2; tenant++) {
            int port = tenant == 1 ? PORT_A : PORT_B;
            seeds.add(new FuzzSeeds.Seed(true, Net.fromVm1(tenant, Net.udp(Net.VM1, Net.SERVER, 4000, 53))));
            seeds.add(new FuzzSeeds.Seed(true, Net.fromVm1(tenant, Net.tcp(Net.VM1, Net.SERVER, 4000, 80, ACK))));
            seeds.add(new FuzzSeeds.Seed(false, Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[tenant], 53, port))));
            seeds.add(new FuzzSeeds.Seed(false, Net.fromOutside(Net.tcp(Net.SERVER, Net.NAT[tenant], 80, port, ACK))));
        }
        return seeds;
    }

    /** No fragment: those have identifications of random numbers, and end by timers in the order of a hash. */
    private static byte[] anyFrame(FrameMutator all, RandomGenerator random, boolean fromPa) {
        byte[] frame = all.next(fromPa, random.nextInt(8) > 0);
        while (isFragment(frame, 14)
                || isFragment(frame, 18)
                || isFragment(frame, INNER)
                || isFragment(frame, INNER + 4)) {
            frame = all.next(fromPa, random.nextInt(8) > 0);
        }
        return frame;
    }

    private static boolean isFragment(byte[] frame, int ip) {
        return frame.length >= ip + 20 && Wire.u8(frame, ip) >>> 4 == 4 && (Wire.u16(frame, ip + 6) & 0x3fff) != 0;
    }

    private static byte[] usualFrame(FrameMutator usual, RandomGenerator random, boolean fromPa) {
        if (random.nextInt(8) == 0) {
            byte[] frame = usual.next(fromPa, true);
            return answersItself(frame, fromPa) ? usualFrame(usual, random, fromPa) : frame;
        }
        List<FuzzSeeds.Seed> seeds =
                sessionSeeds().stream().filter(s -> s.fromPa() == fromPa).toList();
        return seeds.get(random.nextInt(seeds.size())).frame();
    }

    /** Whether it is none of a session, as far as that can be told. */
    static boolean answersItself(byte[] frame, boolean fromPa) {
        int ip = fromPa ? INNER : 14;
        return frame.length < ip + 28
                || Wire.u8(frame, ip) != 0x45
                || (Wire.u16(frame, ip + 6) & 0x3fff) != 0
                || (Wire.u8(frame, ip + 9) != Wire.UDP && Wire.u8(frame, ip + 9) != Wire.TCP);
    }

    static TestGateway.Sent into(TestGateway gateway, boolean fromPa, byte[][] frames) {
        byte[][] own = Arrays.stream(frames).map(byte[]::clone).toArray(byte[][]::new);
        return fromPa ? gateway.intoPa(own) : gateway.intoExt(own);
    }

    static void compare(String about, TestGateway.Sent here, TestGateway.Sent there, byte[]... frames) {
        String all = about + " "
                + Arrays.stream(frames).map(HexFormat.of()::formatHex).toList();
        assertThat(first(here.pa(), there.pa())).as(all).isEmpty();
        assertThat(first(here.ext(), there.ext())).as(all).isEmpty();
    }

    static void requireSameCounts(String about, Map<String, Long> here, Map<String, Long> there, byte[]... frames) {
        Map<String, String> different = new TreeMap<>();
        here.forEach((name, count) -> {
            if (!count.equals(there.get(name))) {
                different.put(name, count + " fast, " + there.get(name) + " complete");
            }
        });
        assertThat(different)
                .as(about + " "
                        + Arrays.stream(frames).map(HexFormat.of()::formatHex).toList())
                .isEmpty();
    }

    /** The first packet that differs. */
    private static String first(List<byte[]> here, List<byte[]> there) {
        List<String> fast = hex(here);
        List<String> complete = hex(there);
        for (int i = 0; i < Math.max(fast.size(), complete.size()); i++) {
            String one = i < fast.size() ? fast.get(i) : "nothing";
            String other = i < complete.size() ? complete.get(i) : "nothing";
            if (!one.equals(other)) {
                return i + " of " + fast.size() + " fast: " + one + ", of " + complete.size() + " complete: " + other;
            }
        }
        return "";
    }

    private static List<String> hex(List<byte[]> frames) {
        return frames.stream()
                .map(f -> {
                    byte[] known = f.clone();
                    if (f.length > FLOW_ID && Wire.u16(f, 12) == 0x800 && Wire.u8(f, 23) == Wire.GRE) {
                        known[FLOW_ID] = 0;
                        forgetIdentification(known, INNER);
                    }
                    forgetIdentification(known, 14);
                    if (f.length > 18 && Wire.u16(f, 12) == 0x8100) {
                        forgetIdentification(known, 18);
                    }
                    return HexFormat.of().formatHex(known);
                })
                .toList();
    }

    /** Where packets may still be cut in pieces it is random; then the header's checksum is, too. */
    private static void forgetIdentification(byte[] frame, int ip) {
        if (frame.length >= ip + 20 && Wire.u8(frame, ip) >>> 4 == 4 && Wire.u16(frame, ip + 6) != 0x4000) {
            for (int at : new int[] {4, 5, 10, 11}) {
                frame[ip + at] = 0;
            }
        }
    }

    static Map<String, Long> counts(TestGateway gateway) {
        Map<String, Long> counts = new TreeMap<>();
        WorkerCounters counters = gateway.worker.counters();
        for (DropReason reason : DropReason.values()) {
            counts.put("drop " + reason.label(), counters.drops(reason));
        }
        for (WorkerCounter counter : WorkerCounter.values()) {
            if (counter != WorkerCounter.BUSY_NANOS && counter != WorkerCounter.LOOPS) {
                counts.put(counter.label(), gateway.count(counter));
            }
        }
        for (int index = 0; index < 8; index++) {
            for (VsidCounter counter : VsidCounter.values()) {
                counts.put("vsid " + index + " " + counter, counters.vsid(index, counter));
            }
        }
        return counts;
    }
}
