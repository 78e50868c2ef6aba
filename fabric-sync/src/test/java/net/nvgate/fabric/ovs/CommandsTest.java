package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandsTest {

    private final Commands commands = new Commands(Map.of("GREETING", "hello"), Duration.ofSeconds(60));

    @Test
    void inputOutputAndEnvironment() throws Exception {
        assertThat(commands.run(List.of("sh", "-c", "echo $GREETING; cat"), "world"))
                .isEqualTo("hello\nworld");
    }

    @Test
    void failureTellsCommandStatusAndErrors() {
        assertThatThrownBy(() -> commands.run("sh", "-c", "echo no such thing >&2; exit 3"))
                .isInstanceOf(CommandException.class)
                .hasMessageContainingAll("sh -c", "status 3", "no such thing");
        assertThatThrownBy(() -> commands.run("/no/such/program"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void aCommandThatHangsIsEnded() {
        Commands hurried = new Commands(Map.of(), Duration.ofMillis(200));
        assertThatThrownBy(() -> hurried.run("sleep", "60"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("did not end within 200 ms");
    }

    @Test
    void inputNobodyReadsDoesNotHang() throws Exception {
        assertThat(commands.run(List.of("true"), "x".repeat(1 << 20))).isEmpty();
    }
}
