package net.nvgate.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.gateway.config.GatewayConfig;
import net.nvgate.gateway.dpdk.DpdkException;
import net.nvgate.gateway.dpdk.Eal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The gateway process. Runs until SIGTERM or SIGINT. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        versionProvider = GatewayMain.Version.class,
        description =
                "Runs the nvgate gateway: NVGRE, routing and NAT between a provider network and the physical network.")
public final class GatewayMain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayMain.class);

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "gateway.yaml")
    private Path config = Path.of("gateway.yaml");

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"nvgate gateway " + Gateway.version()};
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new GatewayMain()).execute(args));
    }

    /** 0 after a stop that was asked for, 1 if it cannot run, 2 if the configuration is wrong. */
    @Override
    public Integer call() throws InterruptedException {
        long start = System.nanoTime();
        Eal.prepare();
        Gateway gateway;
        try {
            GatewayConfig settings = GatewayConfig.read(config);
            gateway = Gateway.start(settings, GatewayMain::die);
        } catch (ConfigException | IllegalArgumentException e) {
            LOG.error("{}", e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (DpdkException | IOException e) {
            LOG.error("cannot start: {}", e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            LOG.info("stopping");
                            gateway.close();
                            LOG.info("stopped");
                            stopped.countDown();
                        },
                        "stop"));
        LOG.info(
                "gateway {}: ports are up, metrics on http:/{}, after {} ms",
                Gateway.version(),
                gateway.httpAddress(),
                (System.nanoTime() - start) / 1_000_000);
        stopped.await();
        return CommandLine.ExitCode.OK;
    }

    /** A gateway without its worker forwards nothing: better to be started again, with the cached policy. */
    private static void die(Throwable cause) {
        Thread.ofPlatform().name("die").start(() -> System.exit(CommandLine.ExitCode.SOFTWARE));
    }
}
