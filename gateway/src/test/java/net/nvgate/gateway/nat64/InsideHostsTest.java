package net.nvgate.gateway.nat64;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.route.TestMemory;
import org.junit.jupiter.api.Test;

class InsideHostsTest {

    private static final long PREFIX = EmbeddedAddress.WELL_KNOWN_HIGH;

    private static InsideHosts hosts(int max) {
        return new InsideHosts(TestMemory.allocate(InsideHosts.bytes(max), 64), max, 99);
    }

    private static int intern(InsideHosts hosts, int domain, long low, int nowMs) {
        return hosts.intern(domain, 0x2001_0db8_0000_0000L, low, PREFIX, 0, 96, nowMs);
    }

    @Test
    void sameHostSameHandle() {
        InsideHosts hosts = hosts(8);
        int one = intern(hosts, 1, 5, 0);
        assertThat(InsideHosts.isHandle(one)).isTrue();
        assertThat(intern(hosts, 1, 5, 1)).isEqualTo(one);
        assertThat(intern(hosts, 2, 5, 1)).as("another tenant").isNotEqualTo(one);
        assertThat(hosts.intern(1, 0x2001_0db8_0000_0000L, 5, PREFIX, 0, 64, 1))
                .as("another prefix")
                .isNotEqualTo(one);
        assertThat(hosts.find(1, 0x2001_0db8_0000_0000L, 5, PREFIX, 0, 96)).isEqualTo(one);
        assertThat(hosts.find(1, 0x2001_0db8_0000_0000L, 6, PREFIX, 0, 96)).isEqualTo(InsideHosts.NONE);
        assertThat(hosts.high(one)).isEqualTo(0x2001_0db8_0000_0000L);
        assertThat(hosts.low(one)).isEqualTo(5);
        assertThat(hosts.domain(one)).isEqualTo(1);
        assertThat(hosts.remoteHigh(one, 0x01020304)).isEqualTo(PREFIX);
        assertThat(hosts.remoteLow(one, 0x01020304)).isEqualTo(0x01020304);
    }

    @Test
    void handlesInUseAreNeverGivenAway() {
        InsideHosts hosts = hosts(2);
        int one = intern(hosts, 1, 1, 0);
        hosts.acquire(one);
        int two = intern(hosts, 1, 2, 0);
        hosts.acquire(two);
        assertThat(intern(hosts, 1, 3, 10 * InsideHosts.IDLE_MS)).isEqualTo(InsideHosts.NONE);
        hosts.release(one, 10 * InsideHosts.IDLE_MS);
        assertThat(intern(hosts, 1, 3, 11 * InsideHosts.IDLE_MS - 1)).isEqualTo(InsideHosts.NONE);
        int three = intern(hosts, 1, 3, 11 * InsideHosts.IDLE_MS);
        assertThat(hosts.low(three)).isEqualTo(3);
        assertThat(hosts.low(two)).isEqualTo(2);
        assertThat(hosts.find(1, 0x2001_0db8_0000_0000L, 1, PREFIX, 0, 96)).isEqualTo(InsideHosts.NONE);
    }

    /** A share is what others may find left; whoever had more of a table comes back to it in another order. */
    @Test
    void allHostsOfBeforeARestartFindRoomInWhateverOrder() {
        InsideHosts hosts = hosts(8);
        long row = TestMemory.allocate(KeptKind.HOST.bytes(), 8);
        for (int i = 0; i < 8; i++) {
            int domain = i < 2 ? 2 : 1;
            Mem.i64(row + 8, 0x2001_0db8_0000_0000L);
            Mem.i64(row + 16, i);
            Mem.i64(row + 24, PREFIX);
            Mem.i32(row + 40, 96);
            int handle = hosts.restore(row, domain, 0);
            assertThat(handle).as("host %s", i).isNotEqualTo(InsideHosts.NONE);
            assertThat(hosts.domain(handle)).isEqualTo(domain);
        }
        assertThat(intern(hosts, 3, 9, 0)).as("now it is full").isEqualTo(InsideHosts.NONE);
    }

    /** Who reads by an old key learns that the handle is another host's by now, or nobody's. */
    @Test
    void aHandleOfAnotherGenerationIsNobodys() {
        InsideHosts hosts = hosts(1);
        HostReader reader = new HostReader(hosts);
        int handle = intern(hosts, 1, 1, 0);
        int first = hosts.generation(handle);
        assertThat(reader.address(handle, first)).contains(new Ipv6Address(0x2001_0db8_0000_0000L, 1));
        assertThat(intern(hosts, 1, 2, InsideHosts.IDLE_MS)).isEqualTo(handle);
        assertThat(hosts.generation(handle)).isNotEqualTo(first);
        assertThat(reader.address(handle, first)).isEmpty();
        assertThat(reader.address(handle, hosts.generation(handle)))
                .contains(new Ipv6Address(0x2001_0db8_0000_0000L, 2));
    }

    @Test
    void aHandleLooksNewAgainWhenItsHostSpeaks() {
        InsideHosts hosts = hosts(2);
        int one = intern(hosts, 1, 1, 0);
        intern(hosts, 1, 2, 0);
        intern(hosts, 1, 1, InsideHosts.IDLE_MS);
        assertThat(intern(hosts, 1, 3, InsideHosts.IDLE_MS + 1))
                .isNotEqualTo(one)
                .isNotEqualTo(InsideHosts.NONE);
        assertThat(hosts.low(one)).isEqualTo(1);
    }

    /** Of packets from ever new addresses of one tenant's prefix others feel nothing. */
    @Test
    void oneTenantLeavesRoomForOthers() {
        InsideHosts hosts = hosts(64);
        for (int i = 0; i < 1_000; i++) {
            intern(hosts, 1, i, 0);
        }
        assertThat(hosts.used()).isEqualTo(48);
        for (int i = 0; i < 8; i++) {
            assertThat(intern(hosts, 2, i, 0)).isNotEqualTo(InsideHosts.NONE);
        }
        assertThat(intern(hosts, 1, 0, 0)).as("one that it has").isNotEqualTo(InsideHosts.NONE);
        for (int i = 0; i < 16; i++) {
            intern(hosts, 1, 1_000, InsideHosts.IDLE_MS);
        }
        assertThat(hosts.find(1, 0x2001_0db8_0000_0000L, 1_000, PREFIX, 0, 96))
                .as("when old ones are over")
                .isNotEqualTo(InsideHosts.NONE);
    }

    /** Milliseconds are told in 32 bits: more than 24 days look like a time to come. */
    @Test
    void whatWasIdleForWeeksIsFree() {
        InsideHosts hosts = hosts(2);
        intern(hosts, 1, 1, 0);
        intern(hosts, 1, 2, 0);
        assertThat(intern(hosts, 1, 3, (int) (30L * 86_400_000))).isNotEqualTo(InsideHosts.NONE);
    }

    /** Against a map, seed 7: what is referenced stays, what is found is right. */
    @Test
    void churn() {
        InsideHosts hosts = hosts(64);
        Random random = new Random(7);
        Map<Long, Integer> referenced = new HashMap<>();
        int now = Integer.MAX_VALUE - 1_000_000;
        for (int i = 0; i < 200_000; i++) {
            now += random.nextInt(3_000);
            long host = random.nextInt(100);
            Integer handle = referenced.get(host);
            if (handle != null) {
                assertThat(intern(hosts, 1, host, now)).isEqualTo(handle);
                if (random.nextBoolean()) {
                    hosts.release(handle, now);
                    referenced.remove(host);
                }
            } else {
                int fresh = intern(hosts, 1, host, now);
                if (fresh != InsideHosts.NONE && random.nextBoolean()) {
                    hosts.acquire(fresh);
                    assertThat(referenced).doesNotContainValue(fresh);
                    referenced.put(host, fresh);
                }
            }
            assertThat(hosts.used()).isLessThanOrEqualTo(64).isGreaterThanOrEqualTo(referenced.size());
        }
        referenced.forEach((host, handle) -> assertThat(hosts.low(handle)).isEqualTo(host));
    }
}
