package net.nvgate.gateway.nat64;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.worker.Wire;
import net.nvgate.gateway.worker.Wire6;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of RFC 6052, both ways. */
class EmbeddedAddressTest {

    /** The table of RFC 6052 §2.4. */
    @ParameterizedTest
    @CsvSource({
        "2001:db8::, 32, 192.0.2.33, 2001:db8:c000:221::",
        "2001:db8:100::, 40, 192.0.2.33, 2001:db8:1c0:2:21::",
        "2001:db8:122::, 48, 192.0.2.33, 2001:db8:122:c000:2:2100::",
        "2001:db8:122:300::, 56, 192.0.2.33, 2001:db8:122:3c0:0:221::",
        "2001:db8:122:344::, 64, 192.0.2.33, 2001:db8:122:344:c0:2:2100::",
        "2001:db8:122:344::, 96, 192.0.2.33, 2001:db8:122:344::192.0.2.33",
        "64:ff9b::, 96, 192.0.2.33, 64:ff9b::192.0.2.33",
        "2001:db8::, 32, 255.255.255.255, 2001:db8:ffff:ffff::",
        "2001:db8:100::, 40, 255.254.253.252, 2001:db8:1ff:fefd:fc::",
        "2001:db8:122:344::, 64, 255.254.253.252, 2001:db8:122:344:ff:fefd:fc00::",
    })
    @Requirement({"RFC 6052 2.2", "RFC 6052 2.3", "RFC 6052 2.4"})
    void embedsAndExtracts(String prefix, int length, String ipv4, String expected) {
        byte[] p = Wire6.address(prefix);
        int v4 = Wire.address(ipv4);
        byte[] address = Wire6.address(expected);
        long high = EmbeddedAddress.high(Wire6.high(p), length, v4);
        long low = EmbeddedAddress.low(Wire6.low(p), length, v4);
        assertThat(high).isEqualTo(Wire6.high(address));
        assertThat(low).isEqualTo(Wire6.low(address));
        assertThat(EmbeddedAddress.extract(high, low, length)).isEqualTo(v4);
        assertThat(EmbeddedAddress.isWellFormed(low)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 40, 48, 56, 64})
    @Requirement("RFC 6052 2.2")
    void suffixIsIgnored(int length) {
        int v4 = Wire.address("198.51.100.77");
        long high = EmbeddedAddress.high(0x2001_0db8_0000_0000L, length, v4);
        long low = EmbeddedAddress.low(0, length, v4);
        assertThat(EmbeddedAddress.extract(high, low | 0x3f, length)).isEqualTo(v4);
    }

    @Test
    @Requirement("RFC 6052 2.2")
    void octetUMustBeZero() {
        assertThat(EmbeddedAddress.isWellFormed(0x0100_0000_0000_0000L)).isFalse();
        assertThat(EmbeddedAddress.isWellFormed(0x00ff_ffff_ffff_ffffL)).isTrue();
    }

    @Test
    @Requirement("RFC 6052 2.2")
    void prefixesHaveOneOfSixLengths() {
        for (int length = 0; length <= 128; length++) {
            boolean expected =
                    length == 32 || length == 40 || length == 48 || length == 56 || length == 64 || length == 96;
            assertThat(EmbeddedAddress.isLength(length)).as("/%d", length).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.1.1", "172.16.0.1",
                        "172.31.255.255",
                "192.0.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
                        "224.0.0.1",
                "240.0.0.1", "255.255.255.255"
            })
    @Requirement("RFC 6052 3.1")
    void notGlobal(String address) {
        assertThat(EmbeddedAddress.isGlobal(Wire.address(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "192.0.3.1",
                "192.167.0.1",
                "198.17.0.1",
                "198.20.0.1",
                "203.0.112.1",
                "223.255.255.255"
            })
    @Requirement("RFC 6052 3.1")
    void global(String address) {
        assertThat(EmbeddedAddress.isGlobal(Wire.address(address))).isTrue();
    }
}
