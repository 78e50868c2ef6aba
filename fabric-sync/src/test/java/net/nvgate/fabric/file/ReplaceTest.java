package net.nvgate.fabric.file;

import static net.nvgate.fabric.file.FileFixture.PLAIN;
import static net.nvgate.fabric.file.FileFixture.PRUNE;
import static net.nvgate.fabric.file.FileFixture.REPLACE;
import static net.nvgate.fabric.file.FileFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of that which needs a replaced object: never is a file stuck. */
@Timeout(300)
class ReplaceTest {

    @TempDir
    private Path directory;

    private FileFixture fabric;
    private String file;

    @BeforeEach
    void open() throws IOException {
        fabric = new FileFixture(directory);
        file = RichFabric.yaml();
        fabric.apply(file, PLAIN);
    }

    @AfterEach
    void close() {
        fabric.close();
    }

    private String with(String before, String after) {
        assertThat(file).contains(before);
        return file.replace(before, after);
    }

    private FabricObject object(Kind kind, String name) {
        return fabric.manager.list(kind, name).getFirst();
    }

    /** Each line changes something that cannot be changed, of an object that others name or need by an address. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: h2, hostType: LINUX_OVS | name: h2, hostType: HYPER_V | REPLACE vm 'guest'",
                "name: v1, hostType: LINUX_OVS | name: v1, hostType: HYPER_V | UPDATE cloud 'far'",
                "name: db, vmNetwork: blue, prefix: 192.168.2.0/24 | name: db, vmNetwork: blue, vsid: 7000, prefix: 192.168.2.0/24 | REPLACE nat-one-to-one 'mail'",
                "name: web, vmNetwork: yellow, prefix: 172.18.1.0/24 | name: web, vmNetwork: yellow, prefix: 172.18.2.0/24 | REPLACE provider-address 'chosen'",
                "name: green-gw, vmNetwork: green, gateway: gw | name: green-gw, vmNetwork: green, gateway: gw, routingSubnet: 10.1.0.0/29 | REPLACE vm-network-peering 'shared'",
                "name: gold, cloud: cloud | name: gold, cloud: near | UPDATE vm-network 'green'",
                "name: private, mode: PVLAN | name: private, mode: VLAN_INDEPENDENT | REPLACE network-site 'private-site'",
                "name: external, sameNameVmNetwork: true | name: external, sameNameVmNetwork: false | REPLACE nat-connection 'blue-nat'",
                "providerAddress: 10.20.0.77 | providerAddress: 10.20.0.78 | REPLACE vm 'yellow1'",
            })
    void whatNeedsAReplacedObjectLetsGoOrIsReplacedToo(String before, String after, String step) {
        String changed = with(before, after);
        if (step.contains("private-site")) {
            changed = changed.replace(", secondaryVlanId: 31", "").replace(", secondaryVlanId: 33", "");
        }

        FilePlan plan = fabric.plan(changed, REPLACE);
        assertThat(steps(plan)).contains(step);
        fabric.apply(changed, REPLACE);

        assertThat(fabric.plan(changed, PRUNE).steps()).isEmpty();
    }

    @Test
    void whatTheFileDoesNotHaveIsNamed() {
        fabric.apply("name: other\nvms: [{name: theirs, host: h2, nics: [{vmSubnet: green/web}]}]", PLAIN);
        String changed = with(
                "name: web, vmNetwork: green, prefix: 172.17.1.0/24",
                "name: web, vmNetwork: green, prefix: 172.17.2.0/24");
        String refusal =
                "vm-subnet 'green/web' cannot be replaced, because objects that this file does not have need it:"
                        + " vm 'theirs'";

        FilePlan plan = fabric.plan(changed, REPLACE);

        assertThat(plan.isApplicable()).isFalse();
        assertThat(plan.steps()).extracting(FileStep::refused).contains(refusal);
        assertThatThrownBy(() -> fabric.apply(changed, REPLACE)).hasMessageContaining(refusal);
        fabric.manager.delete(Kind.VM, object(Kind.VM, "theirs").id());
        String peer = changed.replace("peerPrefixes: [172.17.1.0/24]", "peerPrefixes: [172.17.2.0/24]");
        fabric.apply(peer, REPLACE);
        assertThat(fabric.plan(peer, PRUNE).steps()).isEmpty();
    }

    @Test
    void whatGoesOrNamesSomethingElseIsNotInTheWay() {
        String changed = with("name: h2, hostType: LINUX_OVS", "name: h2, hostType: HYPER_V")
                .replace("name: guest, host: h2", "name: guest, host: h1")
                .replaceAll("(?m)^  - \\{name: (red1|red2|green1), .*\n", "");
        FabricObject guest = object(Kind.VM, "guest");

        fabric.apply(changed, new FileOptions(true, true));

        assertThat(object(Kind.VM, "guest").id()).isEqualTo(guest.id());
        assertThat(fabric.manager.list(Kind.VM, "red1")).isEqualTo(List.of());
        assertThat(fabric.plan(changed, PRUNE).steps()).isEmpty();
    }

    private static String groups(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "  - {name: group" + i + "}\n")
                .collect(Collectors.joining("", "host-groups:\n", ""));
    }

    /** Of a larger file than one transaction takes: before and after there is room to cut, in between there is not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 20, 60})
    void largeFilesReplaceToo(int operationsMax) {
        String changed = with(
                        "name: db, vmNetwork: blue, prefix: 192.168.2.0/24",
                        "name: db, vmNetwork: blue, vsid: 7000, prefix: 192.168.2.0/24")
                .replaceAll("(?m)^  - \\{name: (red1|red2|green1), .*\n", "")
                .replace(
                        "name: web, vmNetwork: green, prefix: 172.17.1.0/24",
                        "name: web, vmNetwork: green, vsid: 7001, prefix: 172.17.1.0/24")
                .replace("host-groups:\n", groups(80))
                .replace("name: gold, cloud: cloud", "name: gold, cloud: near");
        FabricObject before = object(Kind.VM_SUBNET, "db");
        long revision = fabric.manager.revision();
        FileOptions both = new FileOptions(true, true);

        FilePlan done = fabric.applyInParts(changed, operationsMax, both);

        assertThat(done.transactions()).isGreaterThan(1);
        assertThat(done.revision()).isGreaterThan(revision + 1);
        assertThat(fabric.plan(changed, PRUNE).steps()).isEmpty();
        FabricObject after = object(Kind.VM_SUBNET, "db");
        assertThat(after.id()).isNotEqualTo(before.id());
        if (operationsMax >= 60) {
            // One revision took the old one away and brought the new one.
            assertThat(fabric.changes.revision(after.createdRevision()).changes())
                    .anyMatch(change -> change.id().equals(before.id()));
        }
    }
}
