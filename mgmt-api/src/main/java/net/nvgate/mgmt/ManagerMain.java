package net.nvgate.mgmt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.mgmt.config.ManagerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The manager process. Runs until SIGTERM or SIGINT. */
@Command(
        name = "manager",
        mixinStandardHelpOptions = true,
        versionProvider = ManagerMain.Version.class,
        subcommands = {
            StoreCommands.Backup.class,
            StoreCommands.Verify.class,
            StoreCommands.Restore.class,
            StoreCommands.Move.class,
            NewCaCommand.class
        },
        description = "Runs the nvgate fabric manager: REST API, web UI and the sync stream to gateways and hosts.")
public final class ManagerMain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ManagerMain.class);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Not of subcommands, which is why picocli is not told that it is required. */
    @Option(names = "--config", paramLabel = "FILE", description = "manager.yaml")
    private @Nullable Path config;

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"nvgate manager " + Manager.version()};
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new ManagerMain()).execute(args));
    }

    /** 0 after a stop that was asked for, 1 if it cannot run, 2 if the configuration is wrong. */
    @Override
    public Integer call() throws InterruptedException {
        if (config == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
        }
        long start = System.nanoTime();
        Manager manager;
        ManagerConfig settings;
        try {
            Path file = config;
            settings = ManagerConfig.read(file);
            manager = Manager.start(settings, () -> ManagerConfig.read(file));
        } catch (ConfigException e) {
            LOG.error("{}", e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (StoreException | IOException e) {
            LOG.error("cannot start: {}", e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            LOG.info("stopping");
                            manager.close();
                            LOG.info("stopped");
                            stopped.countDown();
                        },
                        "stop"));
        LOG.info(
                "manager {} listens on {}://{}:{}, sync on {}:{}, after {} ms",
                Manager.version(),
                settings.http().tls() ? "https" : "http",
                settings.http().address(),
                manager.httpPort(),
                settings.sync().address(),
                manager.syncPort(),
                (System.nanoTime() - start) / 1_000_000);
        stopped.await();
        return CommandLine.ExitCode.OK;
    }
}
