package net.nvgate.fabric.alloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpacesTest {

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    /** Against a plain set of free addresses. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void theLowestFreeAddressIsFound(long seed) {
        IpAddress first = ip("10.0.0.10");
        AddressSpace space = new AddressSpace(first, first.plus(39), List.of(ip("10.0.0.12"), ip("10.0.0.200")));
        TreeSet<IpAddress> free = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            free.add(first.plus(i));
        }
        free.remove(ip("10.0.0.12"));
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            IpAddress address = first.plus(random.nextInt(44) - 2);
            boolean inside = address.compareTo(first) >= 0 && address.compareTo(first.plus(39)) <= 0;
            if (random.nextInt(100) < 60) {
                space.use(address);
                free.remove(address);
            } else {
                space.free(address);
                if (inside && !address.equals(ip("10.0.0.12"))) {
                    free.add(address);
                }
            }
            assertThat(space.lowestFree()).isEqualTo(free.stream().findFirst());
            assertThat(space.nextFree(address)).isEqualTo(Optional.ofNullable(free.ceiling(address)));
        }
    }

    @Test
    void aRangeAtTheEndOfTheAddressFamilyIsExhausted() {
        AddressSpace space = new AddressSpace(ip("255.255.255.254"), ip("255.255.255.255"), List.of());
        space.use(ip("255.255.255.255"));
        space.use(ip("255.255.255.254"));
        assertThat(space.lowestFree()).isEmpty();
        space.free(ip("255.255.255.255"));
        assertThat(space.lowestFree()).contains(ip("255.255.255.255"));
    }

    @Test
    void rangesDoNotOverlap() {
        AddressRanges<String> ranges = new AddressRanges<>();
        ranges.add(IpPrefix.parse("10.0.0.0/24"), "a");
        ranges.add(IpPrefix.parse("10.0.2.0/24"), "b");
        assertThat(ranges.overlapping(IpPrefix.parse("10.0.1.0/24"))).isEmpty();
        assertThat(ranges.overlapping(IpPrefix.parse("10.0.0.0/16"))).isPresent();
        assertThat(ranges.overlapping(IpPrefix.parse("10.0.2.128/25"))).contains("b");
        assertThat(ranges.overlapping(IpPrefix.parse("2001:db8::/32"))).isEmpty();
        assertThat(ranges.holding(ip("10.0.0.255"))).contains("a");
        assertThatThrownBy(() -> ranges.add(IpPrefix.parse("10.0.0.0/25"), "c"))
                .isInstanceOf(IllegalStateException.class);
        ranges.remove(ip("10.0.0.0"));
        assertThat(ranges.holding(ip("10.0.0.255"))).isEmpty();
    }

    @Test
    void vsidsGoAroundOnce() {
        VsidSpace space = new VsidSpace();
        space.use(new Vsid(Vsid.MAX));
        assertThat(space.nextFree(new Vsid(Vsid.MAX))).contains(new Vsid(Vsid.MIN));
        for (int vsid = Vsid.MIN; vsid <= Vsid.MAX; vsid++) {
            space.use(new Vsid(vsid));
        }
        assertThat(space.nextFree(new Vsid(70_000))).isEmpty();
        space.free(new Vsid(5000));
        assertThat(space.nextFree(new Vsid(70_000))).contains(new Vsid(5000));
    }

    @Test
    void aMacUsedTwiceIsFreeAfterBothAreGone() {
        MacSpace space = new MacSpace();
        MacAddress first = MacAddress.parse("00:1D:D8:B7:1C:00");
        MacAddress last = MacAddress.parse("00:1D:D8:B7:1C:03");
        space.use(first);
        space.use(first);
        assertThat(space.nextFree(first, last)).contains(first.plus(1));
        space.free(first);
        assertThat(space.nextFree(first, last)).contains(first.plus(1));
        space.free(first);
        assertThat(space.nextFree(first, last)).contains(first);
        assertThat(space.used(first, last)).isZero();
    }

    @Test
    void macsAreKeptAsRuns() {
        MacSpace space = new MacSpace();
        MacAddress first = MacAddress.parse("02:00:00:00:00:00");
        for (int i : new int[] {3, 1, 2, 0, 7}) {
            space.use(first.plus(i));
        }
        assertThat(space.nextFree(first, first.plus(7))).contains(first.plus(4));
        assertThat(space.used(first, first.plus(7))).isEqualTo(5);
        assertThat(space.used(first.plus(2), first.plus(6))).isEqualTo(2);
        space.free(first.plus(2));
        assertThat(space.isUsed(first.plus(2))).isFalse();
        assertThat(space.nextFree(first, first.plus(7))).contains(first.plus(2));
        space.use(first.plus(2));
        assertThat(space.nextFree(first, first.plus(3))).isEmpty();
        space.use(MacAddress.MAX);
        assertThat(space.nextFree(MacAddress.MAX, MacAddress.MAX)).isEmpty();
    }

    @Test
    void excludedAddressesAreCountedOnceSomebodyHasThem() {
        AddressSpace space = new AddressSpace(ip("10.0.0.1"), ip("10.0.0.10"), List.of(ip("10.0.0.3"), ip("10.9.9.9")));
        space.use(ip("10.0.0.1"));
        space.use(ip("10.0.0.1"));
        space.use(ip("10.0.0.3"));
        assertThat(space.used()).isEqualTo(2);
        assertThat(space.reserved()).isZero();
        assertThat(space.free()).isEqualTo(8);
        space.free(ip("10.0.0.3"));
        assertThat(space.used()).isEqualTo(1);
        assertThat(space.reserved()).isEqualTo(1);
        assertThat(space.isOf(ip("10.0.0.1"), ip("10.0.0.10"), List.of(ip("10.0.0.3"))))
                .isTrue();
        assertThat(space.isOf(ip("10.0.0.1"), ip("10.0.0.10"), List.of())).isFalse();
        assertThat(new AddressSpace(ip("fd00::1"), ip("fd00:0:0:1::"), List.of()).free())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void prefixesThatOverlapAnotherAreFound() {
        PrefixMap<String> map = new PrefixMap<>();
        for (String prefix : new String[] {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.2.0.0/16", "fd00::/8"}) {
            map.add(IpPrefix.parse(prefix), prefix);
        }
        assertThat(map.overlapping(IpPrefix.parse("10.1.0.0/16")))
                .containsExactlyInAnyOrder("10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24");
        assertThat(map.overlapping(IpPrefix.parse("10.1.2.128/25")))
                .containsExactlyInAnyOrder("10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24");
        assertThat(map.overlapping(IpPrefix.parse("0.0.0.0/0"))).hasSize(4);
        assertThat(map.overlapping(IpPrefix.parse("fd00:1::/32"))).containsExactly("fd00::/8");
        assertThat(map.overlapping(IpPrefix.parse("11.0.0.0/8"))).isEmpty();
        map.remove(IpPrefix.parse("10.1.0.0/16"), "10.1.0.0/16");
        assertThat(map.overlapping(IpPrefix.parse("10.1.0.0/16")))
                .containsExactlyInAnyOrder("10.0.0.0/8", "10.1.2.0/24");
    }
}
