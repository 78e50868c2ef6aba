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
        MacAddress second = MacSpace.FIRST.plus(1);
        space.use(MacSpace.FIRST);
        space.use(MacSpace.FIRST);
        space.use(MacAddress.parse("02:00:00:00:00:01"));
        assertThat(space.nextFree(MacSpace.FIRST)).contains(second);
        space.free(MacSpace.FIRST);
        assertThat(space.nextFree(MacSpace.FIRST)).contains(second);
        space.free(MacSpace.FIRST);
        assertThat(space.nextFree(MacSpace.FIRST)).contains(MacSpace.FIRST);
        assertThat(space.nextFree(MacSpace.LAST.plus(1))).isEmpty();
    }
}
