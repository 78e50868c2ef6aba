package net.nvgate.fabric.file;

import static net.nvgate.fabric.file.FileFixture.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a file is said in its own terms: its fields, its names, the form that is expected. */
@Timeout(300)
class FileMistakesTest {

    private static final String FILE = """
            name: base
            logical-networks:
              - {name: hnv, networkVirtualization: true}
              - {name: plain}
            network-sites:
              - {name: hnv-site, logicalNetwork: hnv, subnets: [{prefix: 10.10.0.0/24}]}
            ip-pools:
              - {name: pa, networkSite: hnv-site, prefix: 10.10.0.0/24}
            """;

    @TempDir
    private Path directory;

    private FileFixture fabric;

    @BeforeEach
    void open() {
        fabric = new FileFixture(directory);
        fabric.apply(FILE, PLAIN);
    }

    @AfterEach
    void close() {
        fabric.close();
    }

    private void refused(String objects, String path, String message) {
        assertThatThrownBy(() -> fabric.plan("name: base\n" + objects, PLAIN))
                .isInstanceOfSatisfying(
                        FileException.class, e -> assertThat(e.path()).isEqualTo(path))
                .hasMessageStartingWith("line ")
                .hasMessageEndingWith(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("java", "fabric.manager", "Spec", "Token"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hosts: [{name: a, hostType: LINUX_OVS}] | hosts[0].paPool | host 'a': paPool is required",
                "hosts: [{name: a, hostType: AMIGA, paPool: pa}] | hosts[0].hostType | host 'a': hostType must be one of LINUX_OVS, HYPER_V, not 'AMIGA'",
                "hosts: [{name: a, hostType: LINUX_OVS, paPool: {name: pa}}] | hosts[0].paPool | host 'a': paPool must be a name, of one of the ip-pools",
                "hosts: [{name: a, hostType: LINUX_OVS, paPool: pa, maintenance: often}] | hosts[0].maintenance | host 'a': maintenance must be true or false, not 'often'",
                "hosts: [{name: a, hostType: LINUX_OVS, paPool: pa, switches: 7}] | hosts[0].switches | host 'a': switches must be a list, not 'a number'",
                "hosts: [{name: a, hostType: LINUX_OVS, paPool: pa, switches: [7]}] | hosts[0].switches[0] | host 'a': switches[0] must be a mapping with fields, not 'something else'",
                "hosts: [{name: a, hostType: LINUX_OVS, paPool: pa, labels: [x]}] | hosts[0].labels | host 'a': labels must be a mapping",
                "hosts: [{name: a, hostType: LINUX_OVS, paPool: pa, description: [x]}] | hosts[0].description | host 'a': description must be text, not 'a list'",
                "hosts: [{name: a, hostType: LINUX_OVS, paPool: pa, providerAddress: 10.10.0}] | hosts[0].providerAddress | not '10.10.0'",
                "vm-networks: [{name: v, logicalNetwork: hnv, rdid: x}] | vm-networks[0].rdid | vm-network 'v': rdid must be a UUID, not 'x'",
                "vms: [{name: v, host: h, nics: [{vmSubnet: [a]}]}] | vms[0].host | vms[0].host: no host is called 'h', in this file or in the fabric",
                "network-sites: [{name: s, logicalNetwork: plain, mtu: 99999999999}] | network-sites[0].mtu | network-site 's': mtu must be a whole number of -2147483648..2147483647, not 'one that is out of range'",
                "network-sites: [{name: s, logicalNetwork: plain, mtu: big}] | network-sites[0].mtu | network-site 's': mtu must be a whole number of -2147483648..2147483647, not 'big'",
                "vm-networks: [{name: v, logicalNetwork: plain}] | vm-networks[0] | vm-network 'v': vm-network.logicalNetwork must be the name of a logical-network with networkVirtualization for isolationType WINDOWS_NETWORK_VIRTUALIZATION, not 'plain'",
            })
    void mistakesAreSaidInTheTermsOfTheFile(String objects, String path, String message) {
        refused(objects, path, message);
    }

    @Test
    void vsidIsANumber() {
        String tenant = "vm-networks: [{name: v, logicalNetwork: hnv}]\n"
                + "vm-subnets: [{name: web, vmNetwork: v, prefix: 10.0.0.0/24, vsid: %s}]";
        for (String wrong : new String[] {"many", "[5000]", "5000.5", "99999999999", "4095"}) {
            refused(tenant.formatted(wrong), "vm-subnets[0].vsid", "'");
        }
        fabric.apply("name: base\n" + tenant.formatted("'5000'"), PLAIN);
        assertThat(fabric.manager.list(Kind.VM_SUBNET))
                .extracting(subnet -> ((VmSubnet) subnet).vsid().value())
                .containsExactly(5000);
    }

    @Test
    void quotedNumbersAreNumbers() {
        String site = "network-sites: [{name: s, logicalNetwork: plain, mtu: %s, subnets: [{vlanId: %s}]}]";
        fabric.apply("name: base\n" + site.formatted("'1600'", "\"7\""), PLAIN);

        assertThat(fabric.plan("name: base\n" + site.formatted(1600, 7), PLAIN).steps())
                .isEmpty();
    }

    /** Deep, long and repetitive texts that would cost a parser its stack, its memory or its time. */
    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{a: ", "&a [", "!!x "})
    void endlessNestingIsRefused(String opening) {
        String deep = opening.repeat(100_000);
        for (String yaml : new String[] {deep, "name: x\nhosts: " + deep, "name: x\n--- " + deep}) {
            assertThatThrownBy(() -> fabric.plan(yaml, PLAIN))
                    .isInstanceOf(FileException.class)
                    .hasMessageStartingWith("line ")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
        }
    }

    @Test
    void aliasesAreNotFollowed() {
        String bomb = "a: &a [x, x]\n"
                + IntStream.range(0, 30)
                        .mapToObj(i -> "b%d: &b%d [*%s, *%s]\n"
                                .formatted(i, i, i == 0 ? "a" : "b" + (i - 1), i == 0 ? "a" : "b" + (i - 1)))
                        .collect(Collectors.joining());
        refused(bomb, "", "line 3: aliases are not read in fabric files");
        refused("hosts: &h [{name: a, <<: *h}]", "", "line 2: aliases are not read in fabric files");
    }

    @Test
    void numbersOfAnySizeAreRefused() {
        for (String number :
                new String[] {"1e1000000000", "9".repeat(999), "9".repeat(1_000_000), "-" + "9".repeat(400)}) {
            assertThatThrownBy(() -> fabric.plan(
                            "name: base\nnetwork-sites: [{name: s, logicalNetwork: plain, mtu: " + number + "}]",
                            PLAIN))
                    .isInstanceOf(FileException.class)
                    .hasMessageStartingWith("line ")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
        }
    }

    private static String labels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "l" + i + ": x").collect(Collectors.joining(", ", "{", "}"));
    }

    @Test
    void theLabelOfTheFileIsOneBesides() {
        String host = "hosts: [{name: a, hostType: LINUX_OVS, paPool: pa, labels: %s}]";
        fabric.apply("name: base\n" + host.formatted(labels(32)), PLAIN);

        assertThat(fabric.manager.list(Kind.HOST).getFirst().meta().labels()).hasSize(33);
        refused(host.formatted(labels(33)), "hosts[0].labels", "host 'a': labels must be 0..32, not '33'");
    }
}
