package net.nvgate.gateway.alg;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.worker.Wire;
import org.junit.jupiter.api.Test;

class ExpectationsTest {

    private final Expectations expectations = new Expectations(TestMemory.allocate(Expectations.bytes(3), 64), 3, 5);

    private long expect(int port, int nowMs) {
        return expectations.create(0x01020304, 0x05060708, port, Wire.TCP, 9, 0x0a000001, 40000 + port, 3, nowMs);
    }

    @Test
    void foundByRemoteAndExternalEndpoint() {
        long e = expect(50, 0);
        assertThat(expectations.find(0x01020304, 0x05060708, 50, Wire.TCP)).isEqualTo(e);
        assertThat(expectations.find(0x01020304, 0x05060708, 50, Wire.UDP)).isZero();
        assertThat(expectations.find(0x01020305, 0x05060708, 50, Wire.TCP)).isZero();
        assertThat(Expectations.external(e)).isEqualTo(0x05060708);
        assertThat(Expectations.externalPort(e)).isEqualTo(50);
        assertThat(Expectations.protocol(e)).isEqualTo(Wire.TCP);
        assertThat(Expectations.ca(e)).isEqualTo(0x0a000001);
        assertThat(Expectations.port(e)).isEqualTo(40050);
        assertThat(Expectations.domain(e)).isEqualTo(9);
        assertThat(Expectations.generation(e)).isEqualTo(3);
        expectations.remove(e);
        assertThat(expectations.find(0x01020304, 0x05060708, 50, Wire.TCP)).isZero();
    }

    @Test
    void boundedAndOverInTheOrderTheyWereMade() {
        long one = expect(1, 0);
        long two = expect(2, 10);
        long three = expect(3, 20);
        assertThat(expect(4, 20)).isZero();
        expectations.refresh(one, 30);
        assertThat(expectations.expired(10 + Expectations.LIFETIME_MS - 1)).isZero();
        assertThat(expectations.expired(10 + Expectations.LIFETIME_MS)).isEqualTo(two);
        expectations.remove(two);
        assertThat(expectations.expired(20 + Expectations.LIFETIME_MS)).isEqualTo(three);
        expectations.remove(three);
        assertThat(expectations.expired(30 + Expectations.LIFETIME_MS)).isEqualTo(one);
        expectations.remove(one);
        assertThat(expectations.used()).isZero();
        assertThat(expectations.expired(Integer.MAX_VALUE)).isZero();
    }

    @Test
    void oneTenantLeavesRoomForOthers() {
        Expectations many = new Expectations(TestMemory.allocate(Expectations.bytes(16), 64), 16, 5);
        long first = many.create(1, 2, 1, Wire.TCP, 7, 3, 1, 1, 0);
        int made = 1;
        while (many.create(1, 2, made + 1, Wire.TCP, 7, 3, made + 1, 1, 0) != 0) {
            made++;
        }
        assertThat(made).isEqualTo(12);
        assertThat(many.create(1, 2, 100, Wire.TCP, 8, 3, 1, 1, 0)).isNotZero();
        many.remove(first);
        assertThat(many.create(1, 2, 1, Wire.TCP, 7, 3, 1, 1, 0)).isNotZero();
    }
}
