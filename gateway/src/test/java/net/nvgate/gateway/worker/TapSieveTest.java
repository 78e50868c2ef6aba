package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.Side;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which packets are looked at closer while somebody watches. What is watched then, {@link TapTest} shows. */
class TapSieveTest extends GatewayFixture {

    private static final WatchFilter.Endpoint ANY = WatchFilter.Endpoint.ANY;
    private static final int SILENT_VSID = 4242;
    private static final int LONGEST = 2048;
    private static final int OUTER = 14;
    private static final int INNER = 56;

    private final long memory = TableMemory.allocate(LONGEST, 64);

    @AfterEach
    void free() {
        TableMemory.free(memory);
    }

    private static WatchFilter.Endpoint host(int address) {
        return new WatchFilter.Endpoint(true, 0, FrameView.mapped(address), 0);
    }

    private static WatchFilter between(WatchFilter.Endpoint inside, WatchFilter.Endpoint remote) {
        return new WatchFilter(0, 0, 0, inside, remote);
    }

    private static WatchFilter tenant(int domain, int vsid) {
        return new WatchFilter(domain, vsid, 0, ANY, ANY);
    }

    private TapSieve sieve(WatchFilter... filters) {
        WorkerClock clock = new WorkerClock();
        Tap tap = new Tap(clock);
        for (WatchFilter filter : filters) {
            Watch.Limits limits = new Watch.Limits(100, 1 << 20, 64, clock.ms() + 60_000);
            assertThat(tap.post(Watch.of(filter, limits, false, 1 << 12))).isTrue();
        }
        tap.poll();
        TapSieve sieve = new TapSieve(tap, gateway.tables);
        sieve.renew();
        sieve.newBurst();
        return sieve;
    }

    private void put(byte[] frame) {
        for (int i = 0; i < frame.length; i++) {
            Mem.u8(memory + i, frame[i]);
        }
    }

    private boolean pa(byte[] frame, WatchFilter... filters) {
        put(frame);
        TapSieve sieve = sieve(filters);
        boolean may = sieve.mayBeFromPa(memory, frame.length);
        if (may && isPlain(frame, INNER)) {
            assertThat(TapSieve.concerns(sieve.wantedFromPa(), addresses(frame, INNER)))
                    .as("somebody's by its addresses")
                    .isTrue();
            assertThat(sieve.mayBe(Side.PA, addresses(frame, INNER))).isTrue();
        }
        return may;
    }

    private boolean ext(byte[] frame, WatchFilter... filters) {
        put(frame);
        TapSieve sieve = sieve(filters);
        boolean may = sieve.mayBeFromExt(memory, frame.length);
        if (may && isPlain(frame, OUTER)) {
            assertThat(TapSieve.concerns(sieve.wantedFromExt(), addresses(frame, OUTER)))
                    .as("somebody's by its addresses")
                    .isTrue();
            assertThat(sieve.mayBe(Side.EXT, addresses(frame, OUTER))).isTrue();
        }
        return may;
    }

    /** Whether it may be in the burst, as to the header that is routed. */
    private static boolean isPlain(byte[] frame, int ip) {
        return Wire.u16(frame, OUTER - 2) == 0x800
                && frame[OUTER] == 0x45
                && (Wire.u16(frame, OUTER + 6) & 0x3fff) == 0
                && (ip == OUTER || (frame[OUTER + 9] == Wire.GRE && Wire.i32(frame, OUTER + 20) == 0x20006558))
                && Wire.u16(frame, ip - 2) == 0x800
                && frame[ip] == 0x45;
    }

    /** As the burst has them. */
    private static long addresses(byte[] frame, int ip) {
        return (long) Wire.i32(frame, ip + 12) << 32 | Integer.toUnsignedLong(Wire.i32(frame, ip + 16));
    }

    @Test
    void addressesAloneSayThatAPacketIsNobodys() {
        long inside = addresses(Net.udp(Net.VM1, Net.SERVER, 4000, 53), 0);
        assertThat(TapSieve.concerns(sieve(between(ANY, host(Net.FAR))).wantedFromPa(), inside))
                .isFalse();
        assertThat(TapSieve.concerns(sieve(between(host(Net.FAR), ANY)).wantedFromPa(), inside))
                .isFalse();
        assertThat(TapSieve.concerns(sieve(between(ANY, host(Net.SERVER))).wantedFromPa(), inside))
                .isTrue();
        assertThat(TapSieve.concerns(sieve(between(host(Net.VM1), ANY)).wantedFromPa(), inside))
                .isTrue();
        assertThat(TapSieve.concerns(sieve(tenant(2, 0)).wantedFromPa(), inside))
                .as("no address")
                .isTrue();
        assertThat(TapSieve.concerns(sieve().wantedFromPa(), inside))
                .as("nobody watches")
                .isFalse();
        WatchFilter.Endpoint ipv6 = new WatchFilter.Endpoint(true, 0x20010db8L << 32, Net.VM1, 0);
        assertThat(TapSieve.concerns(sieve(between(ANY, ipv6)).wantedFromPa(), inside))
                .as("nobody watches IPv4")
                .isFalse();
        TapSieve two = sieve(between(ANY, host(Net.FAR)), between(host(Net.VM1), ANY));
        assertThat(TapSieve.concerns(two.wantedFromPa(), inside) && two.mayBe(Side.PA, inside))
                .as("one of two")
                .isTrue();
        TapSieve all = sieve(WatchFilter.ALL, between(ANY, host(Net.FAR)));
        assertThat(TapSieve.concerns(all.wantedFromPa(), inside) && all.mayBe(Side.PA, inside))
                .as("one wants all")
                .isTrue();
        long outside = addresses(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000), 0);
        assertThat(TapSieve.concerns(sieve(between(ANY, host(Net.FAR))).wantedFromExt(), outside))
                .isFalse();
        assertThat(TapSieve.concerns(sieve(between(ANY, host(Net.SERVER))).wantedFromExt(), outside))
                .isTrue();
        assertThat(TapSieve.concerns(sieve(between(host(Net.FAR), ANY)).wantedFromExt(), outside))
                .as("its session knows")
                .isTrue();
    }

    private boolean fromVm(WatchFilter... filters) {
        return pa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), filters);
    }

    private boolean answer(WatchFilter... filters) {
        return ext(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)), filters);
    }

    @Test
    void addressesOfPacketsFromInside() {
        assertThat(fromVm(WatchFilter.ALL)).isTrue();
        assertThat(fromVm(between(host(Net.VM1), ANY))).isTrue();
        assertThat(fromVm(between(host(Net.VM1), host(Net.SERVER)))).isTrue();
        assertThat(fromVm(between(host(Net.SERVER), host(Net.VM1))))
                .as("other way round")
                .isTrue();
        assertThat(fromVm(between(host(Net.VM2), ANY))).isFalse();
        assertThat(fromVm(between(host(Net.VM1), host(Net.FAR)))).isFalse();
        WatchFilter.Endpoint ipv6 = new WatchFilter.Endpoint(true, 0x20010db8L << 32, Net.VM1, 0);
        assertThat(fromVm(between(ipv6, ANY))).isFalse();
        assertThat(fromVm(between(host(Net.VM2), ANY), between(ANY, host(Net.SERVER))))
                .as("one of two")
                .isTrue();
    }

    @Test
    void tenantsOfPacketsFromInside() {
        assertThat(fromVm(tenant(1, 0))).isTrue();
        assertThat(fromVm(tenant(2, 0))).isFalse();
        assertThat(fromVm(tenant(0, Net.VM_VSID[1]))).isTrue();
        assertThat(fromVm(tenant(0, Net.GATEWAY_VSID[1])))
                .as("a record of the tenant may have it")
                .isTrue();
        assertThat(fromVm(tenant(0, Net.VM_VSID[2]))).as("another tenant's").isFalse();
        assertThat(fromVm(tenant(0, SILENT_VSID))).as("nobody knows whose").isTrue();
    }

    @Test
    void protocols() {
        assertThat(fromVm(new WatchFilter(0, 0, Wire.UDP, ANY, ANY))).isTrue();
        assertThat(fromVm(new WatchFilter(0, 0, Wire.TCP, ANY, ANY))).isFalse();
        assertThat(answer(new WatchFilter(0, 0, Wire.UDP, ANY, ANY))).isTrue();
        assertThat(answer(new WatchFilter(0, 0, Wire.TCP, ANY, ANY))).isFalse();
    }

    @Test
    void sendersOfPacketsFromOutside() {
        assertThat(answer(between(ANY, host(Net.SERVER)))).isTrue();
        assertThat(answer(between(ANY, host(Net.FAR)))).isFalse();
        assertThat(answer(between(host(Net.VM1), ANY))).as("its session knows").isTrue();
        assertThat(answer(tenant(2, 0))).as("its session knows").isTrue();
        assertThat(answer(between(ANY, host(Net.NAT[1])))).as("either end").isTrue();
    }

    @Test
    void ofPacketsThatAreNotPlainItSaysNothing() {
        WatchFilter nobody = between(host(Net.VM2), host(Net.FAR));
        byte[] inside = Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        byte[] outside = Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        assertThat(pa(inside, nobody)).isFalse();
        assertThat(ext(outside, nobody)).isFalse();
        for (int at : new int[] {12, 14, 20, 23, 36, 54, 56}) {
            byte[] changed = inside.clone();
            changed[at] ^= 0x11;
            assertThat(pa(changed, nobody)).as("byte %s", at).isTrue();
        }
        put(inside);
        assertThat(sieve(nobody).mayBeFromPa(memory, 75)).as("too short").isTrue();
        for (int at : new int[] {12, 14}) {
            byte[] changed = outside.clone();
            changed[at] ^= 0x11;
            assertThat(ext(changed, nobody)).as("byte %s", at).isTrue();
        }
    }
}
