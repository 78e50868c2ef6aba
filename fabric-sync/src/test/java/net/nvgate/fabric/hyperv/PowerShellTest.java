package net.nvgate.fabric.hyperv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.netwnv.CollectScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What can be known of the scripts without running them: see check.mjs. */
class PowerShellTest {

    @TempDir
    Path directory;

    private Path script(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
    }

    @Test
    void everyScriptIsPowerShellThatNamesOnlyWhatExists() throws Exception {
        String hostile =
                HostPolicyDocument.of(SamplePolicy.FABRIC, "hv1", SamplePolicy.of("'; Remove-Item C:\\ #\u2019@"));
        List<Path> scripts = List.of(
                script("NvgateHost.psm1", HostScripts.module()),
                script("NvgateAgent.ps1", HostScripts.agent()),
                script("Install-NvgateAgent.ps1", HostScripts.installer()),
                script(CollectScript.NAME, CollectScript.text()),
                script("hv1.ps1", HostScripts.forHost(hostile)));
        assertThat(PowerShellCheck.findings(scripts)).isEmpty();
    }

    @Test
    void theScriptsThatTryTheModuleArePowerShellToo() throws Exception {
        assertThat(PowerShellCheck.findings(List.of(
                        Path.of("src/test/powershell/NetWNV.Mock.psm1"),
                        Path.of("src/test/powershell/Test-NvgateHost.ps1"))))
                .filteredOn(finding -> finding.contains("not PowerShell") || finding.contains("is set nowhere"))
                .isEmpty();
    }

    @Test
    void theCheckFindsWhatItIsFor() throws Exception {
        Path bad = script("bad.ps1", """
                Set-StrictMode -Version 2.0
                $x = $true ? 1 : 2
                Get-Item -LiteralPath 'a' && Get-Item -LiteralPath 'b'
                Get-NetVirtualisationGlobal
                Get-Item -Pth 'a'
                $y = $undefined
                Get-Item -LiteralPath "a$x"
                function Frob-Nothing { }
                """);
        assertThat(PowerShellCheck.findings(List.of(bad)))
                .anyMatch(line -> line.contains(":2: not PowerShell"))
                .anyMatch(line -> line.contains(":3: not in Windows PowerShell 5.1"))
                .anyMatch(line -> line.contains(":4: no such command: get-netvirtualisationglobal"))
                .anyMatch(line -> line.contains(":5: get-item has no -pth"))
                .anyMatch(line -> line.contains(":6: $undefined is set nowhere here"))
                .anyMatch(line -> line.contains(":7: a string that is expanded"))
                .anyMatch(line -> line.contains(":8: Frob-Nothing"))
                .anyMatch(line -> line.contains("no $ErrorActionPreference"));
    }

    /** The cmdlets that are called by what the table of kinds says have the parameters that it says (Microsoft's pages). */
    @Test
    void theTableOfKindsFitsTheCmdlets() throws IOException {
        JsonNode cmdlets = FabricJson.mapper().readTree(Path.of("src/test/powershell/cmdlets.json"));
        Matcher kind = Pattern.compile("'([a-z-]+)' = @\\{\\s+Noun = '(\\w+)'\\s+Key = @\\(([^)]*)\\)\\s+"
                        + "Compared = @\\(([^)]*)\\)\\s+Fixed = @\\(([^)]*)\\)")
                .matcher(HostScripts.module());
        Set<String> seen = new HashSet<>();
        while (kind.find()) {
            seen.add(kind.group(1));
            List<String> key = words(kind.group(3));
            List<String> values = words(kind.group(4));
            List<String> all = new ArrayList<>(key);
            all.addAll(values);
            if (kind.group(1).equals("port")) {
                assertThat(parameters(cmdlets, "Set-VMNetworkAdapter")).containsAll(values.subList(1, values.size()));
                continue;
            }
            assertThat(parameters(cmdlets, "New-" + kind.group(2))).containsAll(all);
            assertThat(parameters(cmdlets, "Remove-" + kind.group(2))).containsAll(key);
            List<String> settable = new ArrayList<>(all);
            settable.removeAll(words(kind.group(5)));
            assertThat(parameters(cmdlets, "Set-" + kind.group(2))).containsAll(settable);
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "provider-address", "provider-route", "lookup-record", "customer-route", "port");
    }

    private static List<String> words(String quoted) {
        return quoted.isBlank() ? List.of() : List.of(quoted.replace("'", "").split(", "));
    }

    private static Set<String> parameters(JsonNode cmdlets, String name) {
        Set<String> parameters = new HashSet<>();
        cmdlets.required(name).forEach(each -> parameters.add(each.asString()));
        return parameters;
    }
}
