package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the scripts of lib/ give to all others. */
class ScriptFunctionsTest {

    /** A script that sources them and calls {@code install} must get the program, as the installer's did not. */
    @Test
    void noFunctionHasTheNameOfAProgram() {
        String script =
                ". lib/ui.sh; . lib/setup.sh; for name in $(compgen -A function); do echo \"$name=$(type -P $name)\"; done";
        assertThat(Shell.output(Duration.ofSeconds(10), "bash", "-c", script).lines())
                .contains("die=")
                .allMatch(line -> line.endsWith("="));
    }
}
