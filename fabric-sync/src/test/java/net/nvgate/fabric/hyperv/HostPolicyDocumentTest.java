package net.nvgate.fabric.hyperv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.policy.PolicySnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HostPolicyDocumentTest {

    /** Rewritten by {@code -Dgolden.write=true}. */
    private static void assertGolden(String name, String text) throws IOException {
        Path file = Path.of("src/test/resources/net/nvgate/fabric/hyperv", name);
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(file, text, StandardCharsets.US_ASCII);
        }
        assertThat(text).isEqualTo(Files.readString(file, StandardCharsets.US_ASCII));
    }

    @Test
    void hasTheRecordsOfMicrosoftsSampleInTheWordsOfTheCmdlets() throws IOException {
        assertGolden("sample-policy.jsonl", HostPolicyDocument.of(SamplePolicy.FABRIC, "hv1", SamplePolicy.of("web1")));
    }

    @Test
    void aScriptIsTheFunctionsAndThePolicy() throws IOException {
        String script = HostScripts.forHost(HostPolicyDocument.of(SamplePolicy.FABRIC, "hv1", SamplePolicy.of("web1")));
        String module = HostScripts.module();
        String functions = module.substring(0, module.indexOf("\nExport-ModuleMember"));
        assertThat(script).contains(functions);
        assertGolden("sample-script.ps1.txt", script.replace(functions, "### functions of NvgateHost.psm1 ###\n"));
    }

    @Test
    void theHeadSaysHowManyLinesFollow() {
        List<String> lines = HostPolicyDocument.of(SamplePolicy.FABRIC, "hv1", SamplePolicy.of("web1"))
                .lines()
                .toList();
        JsonNode head = FabricJson.mapper().readTree(lines.getFirst());
        assertThat(head.get("Lines").asInt()).isEqualTo(lines.size() - 1).isPositive();
        assertThat(head.get("Revision").asLong()).isEqualTo(SamplePolicy.REVISION);
    }

    @Test
    void aHostWithoutPolicyHasTheHeadAlone() {
        assertThat(HostPolicyDocument.of(SamplePolicy.FABRIC, "hv1", new PolicySnapshot(7, List.of())))
                .isEqualTo("{\"Kind\":\"nvgate-host-policy\",\"Schema\":1,\"FabricID\":\"" + SamplePolicy.FABRIC
                        + "\",\"HostName\":\"hv1\",\"Revision\":7,\"Lines\":0}\n");
    }

    /** PowerShell takes U+2018..U+201B for apostrophes; a line that began with one and an @ would end the here-string. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; Remove-Item C:\\ #",
                "\u2018; Remove-Item C:\\ #",
                "\u2019@\n'@\nRemove-Item C:\\",
                "\n'@\nRemove-Item C:\\\n@'\n",
                "\r'@\rRemove-Item C:\\",
                "\u2028'@\u2028Remove-Item C:\\",
                "`$(Remove-Item C:\\)`",
                "\"; $(calc.exe); \"",
                "\u0000\u0007\u001b",
                "\u201a\u201b\u201c\u201d\u201e",
                "\ud83d\udca5 na\u00efve"
            })
    void noNameGetsOutOfTheText(String name) {
        String document = HostPolicyDocument.of(SamplePolicy.FABRIC, name, SamplePolicy.of(name));
        assertThat(document.chars().filter(c -> c != '\n' && (c < 0x20 || c > 0x7e || c == '\'')))
                .isEmpty();
        assertThat(document.lines())
                .allSatisfy(line -> assertThat(line).startsWith("{\"Kind\":\"").endsWith("}"))
                .anySatisfy(line -> assertThat(FabricJson.mapper()
                                .readTree(line)
                                .path("VMName")
                                .asString(""))
                        .isEqualTo(name));
        String script = HostScripts.forHost(document);
        int start = script.indexOf("$policyText = @'\n");
        int end = script.indexOf("\n'@\n", start);
        assertThat(script.substring(start + "$policyText = @'\n".length(), end + 1))
                .isEqualTo(document);
    }
}
