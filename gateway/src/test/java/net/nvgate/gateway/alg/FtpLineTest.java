package net.nvgate.gateway.alg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.worker.Wire;
import net.nvgate.gateway.worker.Wire6;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hosts say in FTP control connections, as text. */
class FtpLineTest {

    private static final long MEMORY = TestMemory.allocate(4096, 64);

    private final FtpLine line = new FtpLine();
    private final FtpWriter writer = new FtpWriter(TestMemory.allocate(FtpWriter.BYTES, 64));

    private int parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            Mem.u8(MEMORY + i, bytes[i]);
        }
        return line.parse(MEMORY, bytes.length);
    }

    private String rewritten(String text, int kind, int address, int port) {
        writer.write(line, kind, address, port);
        StringBuilder s = new StringBuilder(text.substring(0, line.spanStart()));
        for (int i = 0; i < writer.length(); i++) {
            s.append((char) Mem.u8(writer.text() + i));
        }
        return s.append(text.substring(line.spanEnd())).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PORT 10,0,0,5,200,100; 1; PORT 203,0,113,20,39,16",
                "port   10,0,0,5,200,100  ; 1; port   203,0,113,20,39,16",
                "EPRT |1|10.0.0.5|51300|; 2; EPRT |1|203.0.113.20|10000|",
                "eprt !1!10.0.0.5!51300!; 2; eprt !1!203.0.113.20!10000!",
                "227 Entering Passive Mode (10,0,0,5,200,100).; 4; 227 Entering Passive Mode (203,0,113,20,39,16).",
                "227 =10,0,0,5,200,100; 4; 227 =203,0,113,20,39,16",
            })
    @Requirement({"RFC 5382 REQ-6", "RFC 2428 2"})
    void saysAddressAndPort(String text, int kind, String expected) {
        assertThat(parse(text)).isEqualTo(kind);
        assertThat(line.address()).isEqualTo(Wire.address("10.0.0.5"));
        assertThat(line.port()).isEqualTo(51300);
        assertThat(rewritten(text, kind, Wire.address("203.0.113.20"), 10000)).isEqualTo(expected);
    }

    @Test
    @Requirement({"RFC 5382 REQ-6", "RFC 2428 3"})
    void saysPortAlone() {
        String text = "229 Entering Extended Passive Mode (|||51300|)";
        assertThat(parse(text)).isEqualTo(FtpLine.EXTENDED_PASSIVE);
        assertThat(line.port()).isEqualTo(51300);
        assertThat(rewritten(text, FtpLine.EXTENDED_PASSIVE, 0, 7))
                .isEqualTo("229 Entering Extended Passive Mode (|||7|)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001:db8::5",
                "2001:db8:0:0:0:0:0:5",
                "::",
                "::1",
                "fe80::1",
                "1:2:3:4:5:6:7:8",
                "1::8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "::198.51.100.9",
                "64:ff9b::198.51.100.9",
                "1:2:3:4:5:6:1.2.3.4",
                "ABCD::eF"
            })
    @Requirement("RFC 6384 6")
    void extendedPortOfIpv6BecomesPort(String address) {
        String text = "EPRT |2|" + address + "|51300|";
        assertThat(parse(text)).isEqualTo(FtpLine.EPRT_IPV6);
        assertThat(line.high()).isEqualTo(Wire6.high(Wire6.address(address)));
        assertThat(line.low()).isEqualTo(Wire6.low(Wire6.address(address)));
        assertThat(rewritten(text, FtpLine.EPRT_IPV6, Wire.address("203.0.113.20"), 51301))
                .isEqualTo("PORT 203,0,113,20,200,101");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PORT",
                "PORT ",
                "PORT 10,0,0,5,200",
                "PORT 10,0,0,256,1,1",
                "PORT 10,0,0,5,1,1,1",
                "PORT10,0,0,5,200,100",
                "PORT 10.0.0.5.200.100",
                "PORT 10,0,0,5,200,100 x",
                "PORTS 10,0,0,5,1,1",
                "EPRT 1|10.0.0.5|51300|",
                "EPRT |1|10.0.0.5|51300",
                "EPRT |1|10.0.0|51300|",
                "EPRT |1|10.0.0.256|51300|",
                "EPRT |1|10.0.0.5|65536|",
                "EPRT |3|10.0.0.5|51300|",
                "EPRT |2|10.0.0.5|51300|",
                "EPRT |2|1:2:3:4:5:6:7:8:9|51300|",
                "EPRT |2|1::2::3|51300|",
                "EPRT |2|12345::|51300|",
                "EPRT |2|1:2:3:4:5:6:7|51300|",
                "EPRT |2|1:|51300|",
                "EPRT |2|:1::|51300|",
                "EPRT |2|::1.2.3|51300|",
                "EPRT |2||51300|",
                "227 Entering Passive Mode",
                "2270 (10,0,0,5,200,100)",
                "227 10,0,0,5,200",
                "229 Entering (|||51300)",
                "229 (||51300|)",
                "229 (|||65536|)",
                "229 |||51300|",
                "229 (111513001)",
                "RETR 227 a",
                "AUTH TLS",
                "331 227 (10,0,0,5,200,100)"
            })
    @Requirement("RFC 5382 REQ-6")
    void saysNothing(String text) {
        assertThat(parse(text)).isEqualTo(FtpLine.NOTHING);
    }

    /** Never reads behind the line: bytes there would complete it. Seed 3. */
    @Test
    @Requirement("RFC 5382 REQ-6")
    void readsTheLineOnly() {
        String whole = "EPRT |2|2001:db8::198.51.100.9|51300|";
        for (int length = 0; length < whole.length(); length++) {
            parse(whole);
            assertThat(line.parse(MEMORY, length)).as("%d bytes", length).isEqualTo(FtpLine.NOTHING);
        }
        Random random = new Random(3);
        String[] words = {"PORT ", "EPRT ", "227 ", "229 ", "(", "|", "|||", ")", ",", "1", "255", "::", ".", "2", " "};
        for (int i = 0; i < 50_000; i++) {
            StringBuilder s = new StringBuilder(words[random.nextInt(4)]);
            for (int j = random.nextInt(14); j > 0; j--) {
                s.append(words[random.nextInt(words.length)]);
            }
            if (parse(s.toString()) != FtpLine.NOTHING) {
                assertThat(line.spanStart()).isBetween(0, line.spanEnd());
                assertThat(line.spanEnd()).isLessThanOrEqualTo(s.length());
                assertThat(line.port()).isBetween(0, 65535);
            }
        }
    }
}
