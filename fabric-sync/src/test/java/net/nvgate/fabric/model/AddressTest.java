package net.nvgate.fabric.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Value types against the platform's own parser and BigInteger arithmetic. */
class AddressTest {

    private static final int ROUNDS = 5_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "255.255.255.255",
                "192.0.2.1",
                "::",
                "::1",
                "2001:db8::1",
                "fe80::1:0:0:2",
                "1:2:3:4:5:6:7:8"
            })
    void textRoundTrips(String text) {
        assertThat(IpAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "::ffff:192.0.2.1, ::ffff:c000:201",
        "0:0:0:0:0:0:0:0, ::"
    })
    void ipv6TextFollowsRfc5952(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.-4",
                "1.2.3.4 ",
                "a.b.c.d",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "g::",
                "::1%eth0",
                "1:2:3:4:5:6:7::8",
                "::1.2.3"
            })
    void badTextIsRefusedByName(String text) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("address.ipv");
    }

    @Test
    void randomIpv6TextMeansTheSameToThePlatform() throws UnknownHostException {
        Random random = new Random(7);
        for (int i = 0; i < ROUNDS; i++) {
            long sparse = random.nextLong() >>> random.nextInt(64);
            Ipv6Address address =
                    new Ipv6Address(random.nextBoolean() ? 0 : random.nextLong(), random.nextBoolean() ? sparse : 0);
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            byte[] platform = InetAddress.getByName(address.toString()).getAddress();
            if (platform.length == 16) { // the platform turns ::ffff:0:0/96 into IPv4
                assertThat(platform).isEqualTo(address.toBytes());
            }
        }
    }

    @Test
    void plusCountsAcrossTheMiddleOfAnIpv6Address() {
        Random random = new Random(11);
        BigInteger range = BigInteger.ONE.shiftLeft(128);
        for (int i = 0; i < ROUNDS; i++) {
            Ipv6Address address = new Ipv6Address(random.nextLong(), random.nextBoolean() ? -1L : random.nextLong());
            long offset = random.nextLong();
            BigInteger sum = new BigInteger(1, address.toBytes())
                    .add(BigInteger.valueOf(offset))
                    .mod(range);
            assertThat(new BigInteger(1, address.plus(offset).toBytes())).isEqualTo(sum);
        }
    }

    @Test
    void plusStopsAtTheEndsOfIpv4() {
        assertThat(IpAddress.parse("192.0.2.255").plus(1)).hasToString("192.0.3.0");
        assertThat(IpAddress.parse("0.0.0.0").plus(0xffff_ffffL)).hasToString("255.255.255.255");
        assertThatThrownBy(() -> IpAddress.parse("255.255.255.255").plus(1)).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> IpAddress.parse("0.0.0.0").plus(-1)).isInstanceOf(ModelException.class);
    }

    @Test
    void orderIsUnsignedAndIpv4First() {
        assertThat(IpAddress.parse("200.0.0.1")).isGreaterThan(IpAddress.parse("100.0.0.1"));
        assertThat(IpAddress.parse("::1")).isGreaterThan(IpAddress.parse("255.0.0.1"));
        assertThat(IpAddress.parse("ff00::")).isGreaterThan(IpAddress.parse("1::"));
    }

    @Test
    void prefixesAgreeWithBitArithmetic() {
        Random random = new Random(13);
        for (int i = 0; i < ROUNDS; i++) {
            IpAddress address = random.nextBoolean()
                    ? new Ipv4Address(random.nextInt())
                    : new Ipv6Address(random.nextLong(), random.nextLong());
            int length = random.nextInt(address.bits() + 1);
            IpPrefix prefix = IpPrefix.of(address, length);
            BigInteger hosts = BigInteger.ONE.shiftLeft(address.bits() - length);
            BigInteger value = new BigInteger(1, address.toBytes());
            BigInteger first = value.divide(hosts).multiply(hosts);
            assertThat(new BigInteger(1, prefix.address().toBytes())).isEqualTo(first);
            assertThat(new BigInteger(1, prefix.last().toBytes()))
                    .isEqualTo(first.add(hosts).subtract(BigInteger.ONE));
            assertThat(prefix.contains(address)).isTrue();
            assertThat(IpPrefix.parse(prefix.toString())).isEqualTo(prefix);
            if (length > 0) {
                IpPrefix wider = IpPrefix.of(address, random.nextInt(length));
                assertThat(wider.contains(prefix)).isTrue();
                assertThat(prefix.contains(wider)).isFalse();
                assertThat(prefix.overlaps(wider)).isTrue();
            }
        }
    }

    @Test
    void hostBitsAreRefusedWithTheRightPrefix() {
        assertThatThrownBy(() -> IpPrefix.parse("192.168.1.1/24"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("192.168.1.0");
        assertThatThrownBy(() -> IpPrefix.parse("192.168.1.0/33")).hasMessageContaining("0..32");
        assertThatThrownBy(() -> IpPrefix.parse("192.168.1.0")).hasMessageContaining("ADDRESS/LENGTH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00:1d:d8:b7:1c:00", "00-1D-D8-B7-1C-00", "001DD8B71C00"})
    void macForms(String text) {
        assertThat(MacAddress.parse(text))
                .isEqualTo(new MacAddress(0x001dd8b71c00L))
                .hasToString("00:1d:d8:b7:1c:00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00:1d:d8:b7:1c",
                "00:1d:d8:b7:1c:0g",
                "00:1d-d8:b7:1c:00",
                "001DD8B71C0",
                "00 1d d8 b7 1c 00"
            })
    void badMacsAreRefused(String text) {
        assertThatThrownBy(() -> MacAddress.parse(text)).isInstanceOf(ModelException.class);
    }

    @Test
    void vsidRangeIsThatOfRfc7637() {
        assertThat(new Vsid(4096).value()).isEqualTo(0x1000);
        assertThat(new Vsid(16_777_214).value()).isEqualTo(0xff_fffe);
        assertThatThrownBy(() -> new Vsid(4095)).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> new Vsid(16_777_215)).isInstanceOf(ModelException.class);
    }
}
