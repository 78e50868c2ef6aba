package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import net.nvgate.mgmt.ApiClient.Reply;
import org.junit.jupiter.api.Test;

/** Plan, apply and export of fabric files over HTTP. */
class FilesTest extends ManagerTestBase {

    private static final String FILE = """
            name: files-test
            logical-networks:
              - {name: f-hnv, networkVirtualization: true}
            network-sites:
              - {name: f-site, logicalNetwork: f-hnv, subnets: [{prefix: 10.77.0.0/24}]}
            ip-pools:
              - {name: f-pool, networkSite: f-site, prefix: 10.77.0.0/24}
            hosts:
              - {name: f-host, hostType: LINUX_OVS, paPool: f-pool}
            vm-networks:
              - {name: f-net, logicalNetwork: f-hnv}
            vm-subnets:
              - {name: web, vmNetwork: f-net, prefix: 192.168.1.0/24}
            vms:
              - {name: f-vm, host: f-host, nics: [{vmSubnet: f-net/web, address: 192.168.1.9}]}
            """;

    private static Reply post(String path, String yaml) {
        return api.send("POST", ApiClient.API + path, yaml, "Content-Type", "application/yaml");
    }

    @Test
    void planSaysWhatApplyDoes() {
        JsonObject plan = post("plan", FILE).json();

        assertThat(plan.getJsonArray("changes")).hasSize(7);
        assertThat(plan.getBoolean("committed")).isFalse();
        assertThat(plan.getJsonArray("policy").getJsonObject(0).getString("name"))
                .isEqualTo("f-host");
        assertThat(plan.getJsonArray("policy").getJsonObject(0).getInteger("added"))
                .isGreaterThan(3);
        assertThat(api.get("/api/v1/hosts?name=f-host").json().getInteger("total"))
                .isZero();

        JsonObject applied = post("apply", FILE).json();

        assertThat(applied.getBoolean("committed")).isTrue();
        assertThat(applied.getJsonArray("changes")).isEqualTo(plan.getJsonArray("changes"));
        JsonObject again = post("apply?prune=true", FILE).json();
        assertThat(again.getJsonArray("changes")).isEqualTo(new JsonArray());
        assertThat(again.getBoolean("committed")).isFalse();
        String exported = api.get("/api/v1/export?name=files-test").body();
        assertThat(exported).startsWith("name: files-test\n").contains("vmSubnet: f-net/web", "address: 192.168.1.9");
        assertThat(post("plan?prune=true", exported).json().getJsonArray("changes"))
                .isEmpty();
    }

    @Test
    void errorsNameLineAndPath() {
        JsonObject unknown = post("plan", "name: x\nhosts:\n  - name: h\n    hostTyp: LINUX_OVS\n")
                .problem(400, "unknown-field");
        assertThat(unknown.getString("field")).isEqualTo("hosts[0].hostTyp");
        assertThat(unknown.getString("detail")).startsWith("line 4: hosts[0].hostTyp");

        JsonObject refused = post("apply", "name: x\nhosts:\n  - {name: h, hostType: LINUX_OVS, paPool: nowhere}\n")
                .problem(400, "invalid-value");
        assertThat(refused.getString("detail")).startsWith("line 3: hosts[0].paPool: no ip-pool is called 'nowhere'");

        post("plan", "name: [x\n").problem(400, "invalid-value");
        api.post("plan", "{}").problem(415, "unsupported-media-type");
        post("plan?prune=perhaps", FILE).problem(400, "wrong-type");
        post("apply", "# " + "x".repeat(FILE_MIB << 20)).problem(413, "body-too-large");
    }

    /** Batches end at 8 MiB, files where the configuration says. */
    @Test
    void aFileLargerThanABatchIsTakenUpToTheConfiguredSize() {
        String padding = ("# " + "x".repeat(1022) + "\n").repeat((8 << 10) + 100);
        String file = "name: large\nlogical-networks:\n  - {name: large-net}\n" + padding;
        assertThat(post("plan", file).json().getJsonArray("changes")).hasSize(1);
        assertThat(post("apply", file).json().getBoolean("committed")).isTrue();
        assertThat(api.get("/api/v1/logical-networks?name=large-net").json().getInteger("total"))
                .isEqualTo(1);
        api.post("batch", padding).problem(413, "body-too-large");
        assertThat(post("apply?prune=true", "name: large\n").json().getBoolean("committed"))
                .isTrue();
    }

    @Test
    void refusalOfTheFabricNamesTheObject() {
        String file = """
                name: y
                logical-networks:
                  - {name: y-net}
                network-sites:
                  - {name: y-site, logicalNetwork: y-net, subnets: [{prefix: 10.78.0.0/24}]}
                ip-pools:
                  - {name: y-pool, networkSite: y-site, prefix: 10.79.0.0/24}
                """;

        JsonObject problem = post("apply", file).problem(400, "invalid-value");

        assertThat(problem.getString("detail")).startsWith("line 7: ip-pool 'y-pool': ");
        assertThat(api.get("/api/v1/logical-networks?name=y-net").json().getInteger("total"))
                .isZero();
    }
}
