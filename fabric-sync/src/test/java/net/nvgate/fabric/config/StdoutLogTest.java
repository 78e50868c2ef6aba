package net.nvgate.fabric.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

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
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ WARN  \\[main] Place: said by us.*\n")
                .contains("java.lang.IllegalStateException: it | broke | at net.nvgate.fabric.config.StdoutLogTest");
        assertThat(line.strip().lines()).hasSize(1);
    }

    @Test
    void theDriverOfTheStoreTellsErrorsOnly() {
        new StdoutLog().configure(context);
        assertThat(context.getLogger("io.etcd.jetcd.Something").getEffectiveLevel())
                .isEqualTo(Level.ERROR);
    }

    /** What somebody gives by -Dlogback.configurationFile is found by logback's own, which must be asked before. */
    @Test
    void aFileGoesFirst() throws Exception {
        assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(StdoutLog.class);
        int files = rank(Class.forName("ch.qos.logback.classic.util.DefaultJoranConfigurator"));
        int none = rank(Class.forName("ch.qos.logback.classic.BasicConfigurator"));
        assertThat(rank(StdoutLog.class)).isLessThan(files).isGreaterThan(none);
    }

    private static int rank(Class<?> configurator) {
        return Objects.requireNonNull(configurator.getAnnotation(ConfiguratorRank.class))
                .value();
    }
}
