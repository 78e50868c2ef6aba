package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares every number we believe about DPDK with what a C compiler makes of the installed headers. */
class DpdkAbiTest {

    @TempDir
    Path directory;

    @Test
    void everyValueOfTheTableIsThatOfTheInstalledHeaders() throws Exception {
        Map<String, Long> believed = new LinkedHashMap<>();
        for (DpdkField field : DpdkField.values()) {
            believed.put(field.expression(), (long) DpdkAbi.current().value(field));
        }
        believed.putAll(constants());
        assertThat(compileAndRun(List.copyOf(believed.keySet())))
                .containsExactlyEntriesOf(believed)
                .hasSizeGreaterThan(DpdkField.values().length);
    }

    private static Map<String, Long> constants() {
        Map<String, Long> constants = new LinkedHashMap<>();
        constants.put(
                "RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_UDP_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM",
                Offloads.RX_CHECKSUMS);
        constants.put("RTE_ETH_RX_OFFLOAD_RSS_HASH", Offloads.RX_RSS_HASH);
        constants.put("RTE_ETH_TX_OFFLOAD_IPV4_CKSUM", Offloads.TX_IPV4_CHECKSUM);
        constants.put("RTE_ETH_TX_OFFLOAD_UDP_CKSUM", Offloads.TX_UDP_CHECKSUM);
        constants.put("RTE_ETH_TX_OFFLOAD_TCP_CKSUM", Offloads.TX_TCP_CHECKSUM);
        constants.put("RTE_ETH_TX_OFFLOAD_OUTER_IPV4_CKSUM", Offloads.TX_OUTER_IPV4_CHECKSUM);
        constants.put("RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE", Offloads.TX_FAST_FREE);
        constants.put("RTE_MBUF_F_RX_VLAN_STRIPPED", Offloads.MBUF_RX_VLAN_STRIPPED);
        constants.put("RTE_MBUF_F_RX_IP_CKSUM_MASK", Offloads.MBUF_RX_IP_CHECKSUM_MASK);
        constants.put("RTE_MBUF_F_RX_IP_CKSUM_BAD", Offloads.MBUF_RX_IP_CHECKSUM_BAD);
        constants.put("RTE_MBUF_F_RX_IP_CKSUM_GOOD", Offloads.MBUF_RX_IP_CHECKSUM_GOOD);
        constants.put("RTE_PTYPE_TUNNEL_MASK", (long) Offloads.PACKET_TYPE_TUNNEL_MASK);
        constants.put("RTE_MBUF_F_RX_L4_CKSUM_MASK", Offloads.MBUF_RX_L4_CHECKSUM_MASK);
        constants.put("RTE_MBUF_F_RX_L4_CKSUM_BAD", Offloads.MBUF_RX_L4_CHECKSUM_BAD);
        constants.put("RTE_MBUF_F_RX_L4_CKSUM_GOOD", Offloads.MBUF_RX_L4_CHECKSUM_GOOD);
        constants.put("RTE_MBUF_F_TX_TCP_CKSUM", Offloads.MBUF_TX_TCP_CHECKSUM);
        constants.put("RTE_MBUF_F_TX_UDP_CKSUM", Offloads.MBUF_TX_UDP_CHECKSUM);
        constants.put("RTE_MBUF_F_TX_IP_CKSUM", Offloads.MBUF_TX_IP_CHECKSUM);
        constants.put("RTE_MBUF_F_TX_IPV4", Offloads.MBUF_TX_IPV4);
        constants.put("RTE_MBUF_F_TX_OUTER_IP_CKSUM", Offloads.MBUF_TX_OUTER_IP_CHECKSUM);
        constants.put("RTE_MBUF_F_TX_OUTER_IPV4", Offloads.MBUF_TX_OUTER_IPV4);
        constants.put("RTE_MBUF_F_TX_TUNNEL_GRE", Offloads.MBUF_TX_TUNNEL_GRE);
        constants.put("RTE_MBUF_F_EXTERNAL | RTE_MBUF_F_INDIRECT", Offloads.MBUF_FOREIGN_BUFFER);
        constants.put("RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP", PortSetup.RSS_TYPES);
        constants.put(
                "((struct rte_mbuf){.l2_len = 127, .l3_len = 20, .l4_len = 8}).tx_offload", 127L | 20 << 7 | 8 << 16);
        constants.put("((struct rte_mbuf){.outer_l3_len = 20, .outer_l2_len = 14}).tx_offload", 20L << 40 | 14L << 49);
        return constants;
    }

    private Map<String, Long> compileAndRun(List<String> expressions) throws IOException {
        StringBuilder program = new StringBuilder("""
                #include <stddef.h>
                #include <stdio.h>
                #include <rte_ethdev.h>
                #include <rte_mbuf.h>
                #include <rte_mempool.h>
                int main(void) {
                """);
        expressions.forEach(expression -> program.append("printf(\"%lld\\n\", (long long)(" + expression + "));\n"));
        program.append("return 0; }\n");
        Path source = Files.writeString(directory.resolve("layout.c"), program);
        Path binary = directory.resolve("layout");

        Commands.Outcome flags = Commands.run(List.of("sh", "-c", "pkg-config --cflags libdpdk"));
        assumeTrue(
                flags.exitCode() == 0,
                "NOT CHECKED: DPDK's headers are missing (apt install dpdk-dev gcc pkg-config)\n" + flags.output());
        Commands.Outcome compiled =
                Commands.run(List.of("sh", "-c", "cc -w " + flags.output().strip() + " -o " + binary + " " + source));
        assertThat(compiled.exitCode()).as(compiled.output()).isZero();

        List<String> lines =
                Commands.run(List.of(binary.toString())).output().lines().toList();
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = 0; i < expressions.size(); i++) {
            values.put(expressions.get(i), Long.parseLong(lines.get(i)));
        }
        return values;
    }

    @Test
    void refusesATableWithGaps() {
        assertThatThrownBy(() -> DpdkAbi.table(99, "99.11")
                        .with(DpdkField.MBUF_SIZE, 128)
                        .build())
                .hasMessageContaining("table of ABI 99 lacks MBUF_BUF_ADDR");
    }

    @Test
    void refusesAnUnknownAbiAndNamesWhatItFoundAndWhatItSupports() throws IOException {
        Files.createFile(directory.resolve("librte_eal.so.20"));
        Files.createFile(directory.resolve("librte_eal.so.23.0"));
        List<DpdkLibrary.Installed> found = DpdkLibrary.installed(List.of(directory));
        assertThat(found).containsExactly(new DpdkLibrary.Installed(directory, 20));
        assertThatThrownBy(() -> DpdkLibrary.choose(found))
                .isInstanceOf(DpdkException.class)
                .hasMessageContaining("found [20 in " + directory + "]")
                .hasMessageContaining("supports 23 (DPDK 22.11)");
    }

    @Test
    void prefersAKnownAbiOverANewerUnknownOne() throws IOException {
        Files.createFile(directory.resolve("librte_eal.so.23"));
        Files.createFile(directory.resolve("librte_eal.so.99"));
        assertThat(DpdkLibrary.choose(DpdkLibrary.installed(List.of(directory))).abi())
                .isEqualTo(23);
    }

    @Test
    void saysThatDpdkIsNotInstalled() {
        assertThatThrownBy(() -> DpdkLibrary.choose(new ArrayList<>()))
                .hasMessageStartingWith("DPDK is not installed: no librte_eal.so.<abi> in [");
    }

    @Test
    void refusesACpuWithoutSse42() {
        assertThatThrownBy(() -> CpuFeatures.check(List.of("flags\t\t: fpu ssse3 sse4_1")))
                .hasMessageContaining("CPU features that this machine lacks: [sse4_2]");
    }
}
