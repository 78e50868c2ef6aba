package net.nvgate.fabric.hyperv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module at work against mock cmdlets (Test-NvgateHost.ps1), where there is a PowerShell to run it. */
class PowerShellRunTest {

    private static final Path SCRIPTS = Path.of("src/test/powershell").toAbsolutePath();
    private static final Path SAMPLE = Path.of("src/test/resources/net/nvgate/fabric/hyperv/sample-policy.jsonl");

    @TempDir
    private Path directory;

    @Test
    void theModuleMakesAHostWhatThePolicySays() throws Exception {
        Assumptions.assumeTrue(
                PowerShellCheck.onPath("pwsh"),
                "no pwsh on PATH (none can be had from Debian, npm or Maven Central): the module was parsed, not run");
        Path module = Files.writeString(directory.resolve("NvgateHost.psm1"), HostScripts.module());
        String output = PowerShellCheck.run(
                directory,
                List.of(
                        "pwsh",
                        "-NoProfile",
                        "-NonInteractive",
                        "-File",
                        SCRIPTS.resolve("Test-NvgateHost.ps1").toString(),
                        "-Module",
                        module.toString(),
                        "-Policy",
                        SAMPLE.toAbsolutePath().toString(),
                        "-Scratch",
                        directory.toString()));
        assertThat(output.lines()).allMatch(line -> line.startsWith("ok ")).hasSizeGreaterThan(20);
    }
}
