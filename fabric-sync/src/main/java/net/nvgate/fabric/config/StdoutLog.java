package net.nvgate.fabric.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The log of every process: to stdout, one event per line, stack traces folded into it; {@code NVGATE_LOG_LEVEL} is the least that is told.
 * In Java, because reading it from XML is a tenth of a gateway's CPU time on the way to its ports. A file that
 * {@code -Dlogback.configurationFile} names takes its place.
 */
public final class StdoutLog extends ContextAwareBase implements Configurator {

    /** Logback's, which looks for files after it has asked what services there are. */
    static final String FILE = "logback.configurationFile";

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{0}: "
            + "%replace(%replace(%msg){'[\\r\\n]+', ' '}%replace(%n%ex){'[\\r\\n]+\\s*', ' | '}){'( \\| )+$', ''}%nopex%n";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stdout = new ConsoleAppender<>();
        stdout.setContext(context);
        stdout.setName("stdout");
        stdout.setEncoder(encoder);
        stdout.start();
        // Says at WARN what the store tries again, and reports itself if that does not help.
        context.getLogger("io.etcd.jetcd").setLevel(Level.ERROR);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getenv("NVGATE_LOG_LEVEL"), Level.INFO));
        root.addAppender(stdout);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
