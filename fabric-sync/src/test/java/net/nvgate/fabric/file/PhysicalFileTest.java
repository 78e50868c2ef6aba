package net.nvgate.fabric.file;

import static net.nvgate.fabric.file.FileFixture.PLAIN;
import static net.nvgate.fabric.file.FileFixture.PRUNE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Host groups, what is scoped to them, and grants, as a file. */
class PhysicalFileTest {

    private static final String FILE = """
        name: datacenter
        host-groups:
          - name: europe
          - name: paris
            parent: europe
        logical-networks:
          - name: provider
            networkVirtualization: true
          - name: corp
            sameNameVmNetwork: true
        network-sites:
          - name: paris-pa
            logicalNetwork: provider
            subnets:
              - prefix: 10.10.10.0/24
            hostGroups: [europe]
        ip-pools:
          - name: pas
            networkSite: paris-pa
            prefix: 10.10.10.0/24
            vips: [10.10.10.7]
            defaultGateways: [10.10.10.1]
            gatewayMetrics:
              - address: 10.10.10.1
                metric: 10
        address-grants:
          - name: shop
            ipPool: pas
            allocatedTo: {type: VIP, text: shop}
        mac-pools:
          - name: paris-macs
            rangeStart: 02:00:00:00:00:00
            rangeEnd: 02:00:00:00:00:ff
            hostGroups: [paris]
        mac-grants:
          - name: firewall
            macPool: paris-macs
        hosts:
          - name: h1
            hostType: HYPER_V
            paPool: pas
            hostGroup: paris
        """;

    @TempDir
    private Path directory;

    @Test
    void fileMakesThemAndExportMakesThemAgain() {
        try (FileFixture first = new FileFixture(directory.resolve("first"));
                FileFixture second = new FileFixture(directory.resolve("second"))) {
            first.apply(FILE, PLAIN);
            HostGroup paris =
                    (HostGroup) first.manager.list(Kind.HOST_GROUP, "paris").getFirst();
            MacPool macs =
                    (MacPool) first.manager.list(Kind.MAC_POOL, "paris-macs").getFirst();
            assertThat(macs.hostGroupIds()).containsExactly(paris.id());
            assertThat(first.manager.count(Kind.VM_NETWORK)).isEqualTo(1);
            assertThat(first.apply(FILE, PRUNE).steps()).isEmpty();

            String file = first.export();
            second.apply(file, PLAIN);
            assertThat(second.export()).isEqualTo(file);
            assertThat(second.manager.count(Kind.VM_NETWORK)).isEqualTo(1);
            IpPool pas = (IpPool) second.manager.list(Kind.IP_POOL, "pas").getFirst();
            assertThat(pas.gatewayMetrics()).hasSize(1);
            assertThat(second.manager.addresses(pas.id()))
                    .anyMatch(row -> row.address().toString().equals("10.10.10.7")
                            && row.allocatedTo().size() == 1);
        }
    }
}
