package net.nvgate.gateway.worker;

import java.util.List;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.route.DhcpTable;
import net.nvgate.gateway.route.MacTable;
import net.nvgate.gateway.route.VsidEntry;

/** Gateways for fuzzing: every feature is on in some of them. */
final class FuzzGateways {

    private FuzzGateways() {}

    static TestGateway of(RandomGenerator random) {
        TestGateway gateway = new TestGateway();
        if (random.nextBoolean()) {
            gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
            gateway.rule(2, Wire.UDP, 53, Net.VM1, 53);
        }
        if (random.nextBoolean()) {
            gateway.nat(1, 1, 5000, 5000 + random.nextInt(64));
        }
        if (random.nextBoolean()) {
            gateway.oneToOne(1, Wire.address("203.0.113.12"), Net.VM2);
        }
        if (random.nextInt(4) > 0) {
            Net6.on(gateway);
            Ipv6Address prefix = Ipv6Address.parse("2001:db8:64::");
            gateway.tables.nat64.put(1, prefix, 96);
            gateway.tables.nat64.putDefault(1, prefix, 96);
            PcpTest.flags(gateway, VsidEntry.PCP);
        }
        if (random.nextBoolean()) {
            int vsid = Net.VM_VSID[1];
            gateway.tables.dhcp.put(new DhcpTable.Row(vsid, Net.DG, 3600, 1458, List.of(Net.VM2), "t1.example"));
            gateway.tables.macs.put(new MacTable.Row(vsid, Net.VM1_MAC, Net.VM1, Net.HOST_A));
        }
        int filtering = random.nextInt(3);
        int block = random.nextBoolean() ? 64 : 0;
        gateway.settings(2, s -> s.withFiltering(filtering).withPortBlockSize(block));
        return gateway;
    }
}
