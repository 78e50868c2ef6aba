package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the tour of README.md as it is written. */
class ReadmeTest extends ManagerTestBase {

    private static final Pattern BLOCK = Pattern.compile("<!-- tour -->\\n```sh\\n(.*?)```", Pattern.DOTALL);

    @Test
    void tourWorks() throws Exception {
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("README.md"))
                + Files.readString(Path.of("docs/api.md"))
                + Files.readString(Path.of("docs/drain.md")));
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        while (blocks.find()) {
            script.append(blocks.group(1).replace("127.0.0.1:8080", "127.0.0.1:" + manager.httpPort()));
        }
        Process bash = new ProcessBuilder("bash", "-c", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();

        JsonObject counts = api.get(API + "fabric").json().getJsonObject("counts");
        assertThat(counts.getInteger("natRules")).as(said).isEqualTo(2);
        JsonObject vm = api.get(API + "vms?name=contoso-web-1")
                .json()
                .getJsonArray("items")
                .getJsonObject(0);
        String secondHost = api.get(API + "hosts?name=host-2")
                .json()
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("id");
        assertThat(vm.getString("hostId")).isEqualTo(secondHost);
        assertThat(said).contains("\"code\":\"in-use\"");
    }
}
