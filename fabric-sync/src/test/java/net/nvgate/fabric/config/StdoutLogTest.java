package net.nvgate.fabric.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StdoutLogTest {

    private final LoggerContext context = new LoggerContext();

    @Test
    void anEventIsOneLineWithTheStackTraceInIt() {
        assertThat(new StdoutLog().configure(context))
                .isEqualTo(Configurator.ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        ConsoleAppender<ILoggingEvent> stdout = (ConsoleAppender<ILoggingEvent>) root.getAppender("stdout");
        assertThat(stdout.isStarted()).isTrue();
        Throwable cause = new IllegalStateException("it\r\nbroke");
        LoggingEvent event = new LoggingEvent(
                "x", context.getLogger("net.nvgate.some.Place"), Level.WARN, "said\nby {}", cause, new Object[] {"us"});
        event.setThreadName("main");
        String line = new String(stdout.getEncoder().encode(event), StandardCharsets.UTF_8);
        assertThat(line)
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ WARN  \\[main] Place: said by us \\| java.*[^ |]\n")
                .contains("java.lang.IllegalStateException: it | broke | at net.nvgate.fabric.config.StdoutLogTest");
        assertThat(line.strip().lines()).hasSize(1);
        LoggingEvent plain = new LoggingEvent("x", context.getLogger("a.B"), Level.INFO, "all well", null, null);
        plain.setThreadName("main");
        assertThat(new String(stdout.getEncoder().encode(plain), StandardCharsets.UTF_8))
                .endsWith("INFO  [main] B: all well\n");
    }

    @Test
    void theDriverOfTheStoreTellsErrorsOnly() {
        new StdoutLog().configure(context);
        assertThat(context.getLogger("io.etcd.jetcd.Something").getEffectiveLevel())
                .isEqualTo(Level.ERROR);
    }

    @Test
    void aFileThatIsNamedTakesItsPlace(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("mine.xml"), """
                <configuration>
                  <appender name="mine" class="ch.qos.logback.core.read.ListAppender"/>
                  <root level="ERROR"><appender-ref ref="mine"/></root>
                </configuration>
                """);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        System.setProperty(StdoutLog.FILE, file.toString());
        try {
            new ContextInitializer(context).autoConfig();
        } finally {
            System.clearProperty(StdoutLog.FILE);
        }
        assertThat(root.getAppender("mine")).isNotNull();
        assertThat(root.getAppender("stdout")).isNull();
        assertThat(root.getLevel()).isEqualTo(Level.ERROR);

        context.reset();
        new ContextInitializer(context).autoConfig();
        assertThat(root.getAppender("stdout")).isNotNull();
        assertThat(root.getAppender("mine")).isNull();
    }
}
