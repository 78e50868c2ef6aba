package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.trace.TraceReport;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchedPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What reports say of packets of IPv6 hosts: as much as of IPv4 ones, by the addresses that the hosts have. */
@ExtendWith(EalExtension.class)
class Trace6Test {

    private static final byte[] SERVER64 = Wire6.address("2001:db8:64::" + Wire.dotted(Net.SERVER));

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = Net6.on(new TestGateway());
        gateway.tables.nat64.put(1, Ipv6Address.parse("2001:db8:64::"), 96);
        gateway.tables.nat64.putDefault(1, Ipv6Address.parse("2001:db8:64::"), 96);
        gateway.tables.epochs.bump(1);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Map<String, Object> report(WatchedPacket packet) {
        return new TraceReport(WatchFixture.names(gateway), 0).of(packet);
    }

    private static String step(Map<String, Object> report, String step) {
        for (Object each : (List<?>) report.getOrDefault("steps", List.of())) {
            if (each instanceof Map<?, ?> row && step.equals(row.get("step"))) {
                return String.valueOf(row.get("text"));
            }
        }
        throw new AssertionError("no step " + step + " in " + report);
    }

    @Test
    void nat64OutAndBack() {
        Watch watch = WatchFixture.all(gateway);
        byte[] frame = Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, SERVER64, 4000, 53));
        gateway.intoPa(frame);
        gateway.intoPa(frame);
        gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        List<WatchedPacket> packets = WatchFixture.read(watch);

        Map<String, Object> first = report(packets.get(0));
        assertThat(step(first, "source6"))
                .isEqualTo("source fd00:1::3 (VM vm-fd00:1::3) is at provider address 10.10.10.9");
        assertThat(step(first, "nat64")).isEqualTo("NAT64: fd00:1::3 speaks IPv4 with 203.0.113.50");
        assertThat(step(first, "nat-mapping")).isEqualTo("NAT: [fd00:1::3]:4000 is 203.0.113.10:4000 outside");
        String session = "session of [fd00:1::3]:4000 as 203.0.113.10:4000 with 203.0.113.50:53";
        assertThat(step(report(packets.get(1)), "session")).isEqualTo(session);
        Map<String, Object> back = report(packets.get(2));
        assertThat(step(back, "session")).isEqualTo(session);
        assertThat(step(back, "nat64")).isEqualTo("NAT64: fd00:1::3 speaks IPv4 with 203.0.113.50");
        assertThat(packets)
                .allSatisfy(packet -> assertThat(report(packet))
                        .containsEntry("verdict", "FORWARDED")
                        .extracting(Object::toString)
                        .asString()
                        .doesNotContain("240.", "255.255"));
    }

    @Test
    void aSpoofedSourceIsToldWithBothProviderAddresses() {
        byte[] ip = Wire6.udpPacket(Net6.VM2, Net6.SERVER, 4000, 53);
        Map<String, Object> report = report(WatchFixture.trial(gateway, Net6.fromVm1(1, ip), true));
        assertThat(report)
                .containsEntry("reason", "spoofed-source")
                .containsEntry(
                        "summary",
                        "dropped: VM fd00:1::4 (VM vm-fd00:1::4) is at provider address 2001:db8:aa::8, the packet came"
                                + " from 10.10.10.9");
    }

    @Test
    void prefixTranslationOutAndIn() {
        Map<String, Object> out = report(
                WatchFixture.trial(gateway, Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, Net6.SERVER, 4000, 53)), true));
        assertThat(step(out, "nptv6")).isEqualTo("NPTv6: the source is 2001:db8:1:cf47::3 outside");
        Map<String, Object> in = report(WatchFixture.trial(
                gateway, Net6.fromOutside(Wire6.udpPacket(Net6.SERVER, Net6.OUTSIDE_VM1, 53, 4000)), false));
        assertThat(step(in, "nptv6")).isEqualTo("NPTv6: the destination is fd00:1::3 inside");
        assertThat(in).containsEntry("verdict", "FORWARDED");
    }
}
