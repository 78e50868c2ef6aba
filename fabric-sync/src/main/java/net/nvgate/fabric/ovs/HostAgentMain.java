package net.nvgate.fabric.ovs;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.identity.NodeSecurity;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The host agent's process: follows the manager, programs Open vSwitch, answers HTTP for metrics and health. */
@Command(
        name = "nvgate-host-agent",
        mixinStandardHelpOptions = true,
        description = "Makes Open vSwitch on this host part of an NVGRE fabric.")
public final class HostAgentMain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(HostAgentMain.class);

    private static final String CONFIG_FILE = "/etc/nvgate/host-agent.conf";

    @Option(
            names = "--config",
            scope = ScopeType.INHERIT,
            defaultValue = CONFIG_FILE,
            paramLabel = "FILE",
            description = "YAML, see host-agent.md (default: ${DEFAULT-VALUE})")
    private Path config = Path.of(CONFIG_FILE);

    private HostAgentMain() {}

    /** Ends with status 143 on SIGTERM (the JVM's own), 1 when it cannot run, 2 for wrong arguments or a
     * wrong configuration. */
    public static void main(String[] arguments) {
        CommandLine commands = new CommandLine(new HostAgentMain());
        commands.getCommandSpec().version("nvgate-host-agent " + version());
        System.exit(commands.execute(arguments));
    }

    /** The package's, as its launcher says. */
    static String version() {
        return System.getProperty("nvgate.version", "development");
    }

    /** Runs the agent. */
    @Override
    public Integer call() throws InterruptedException {
        return attempt(HostAgentMain::run, trouble -> LOG.error("{}", trouble));
    }

    @Command(name = "check", description = "Reads the configuration and says whether it holds.")
    int check() throws InterruptedException {
        return ask(settings -> say("host " + settings.node() + " follows " + settings.manager()));
    }

    @Command(name = "join", description = "Takes a join token from standard input, for the agent to use.")
    int join() throws InterruptedException {
        return ask(settings -> say("token is in " + AgentTools.join(settings, System.in)));
    }

    @Command(name = "status", description = "Prints what the running agent says of itself, as JSON.")
    int status() throws InterruptedException {
        return ask(settings -> say(AgentTools.status(settings)));
    }

    /** A command of the administrator: answers go to standard output, trouble to standard error. */
    private int ask(Task task) throws InterruptedException {
        return attempt(task, trouble -> System.err.println("nvgate-host-agent: " + trouble));
    }

    /** What needs the configuration. */
    private interface Task {
        void run(AgentSettings settings) throws IOException, CommandException, InterruptedException;
    }

    private int attempt(Task task, Consumer<String> complain) throws InterruptedException {
        try {
            task.run(AgentConfig.read(config));
            return CommandLine.ExitCode.OK;
        } catch (ConfigException e) {
            complain.accept(String.valueOf(e.getMessage()));
            return CommandLine.ExitCode.USAGE;
        } catch (IllegalArgumentException | IOException | CommandException e) {
            complain.accept("cannot run: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static void say(String text) {
        System.out.println(text);
    }

    private static void run(AgentSettings settings) throws IOException, CommandException, InterruptedException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            awaitQuietly(stopped);
        }));
        try (HostAgent agent = new HostAgent(settings, registry);
                AgentHttp http = new AgentHttp(settings.http())) {
            agent.start();
            try (NodeSecurity security = NodeSecurity.open(
                            node(settings),
                            settings.manager(),
                            settings.identity(),
                            settings.stateDirectory(),
                            registry);
                    SyncClient client = new SyncClient(
                            sync(settings), agent.target(), agent.follower(), registry, security.transport())) {
                security.start();
                routes(http, agent, registry);
                http.start();
                client.start();
                ServiceManager systemd = ServiceManager.of(System.getenv());
                agent.afterTick(systemd::alive);
                systemd.ready("host " + settings.node() + " follows " + settings.manager());
                LOG.info(
                        "host {} follows {}, metrics at http://{}:{}/metrics",
                        settings.node(),
                        settings.manager(),
                        settings.http().address(),
                        http.port());
                stop.await();
                systemd.stopping();
                LOG.info("stopping; the switch goes on by the last policy");
            }
        } finally {
            stopped.countDown();
        }
    }

    private static NodeId node(AgentSettings settings) {
        return new NodeId(NodeId.Kind.HOST, settings.node());
    }

    private static SyncClientConfig sync(AgentSettings settings) {
        return SyncClientConfig.of(
                settings.manager().endpoints(),
                node(settings),
                settings.stateDirectory(),
                "nvgate-host-agent " + version());
    }

    private static void routes(AgentHttp http, HostAgent agent, PrometheusMeterRegistry registry) {
        http.serve("/metrics", "text/plain; version=0.0.4; charset=utf-8", () -> ok(registry.scrape()));
        http.serve("/healthz", "text/plain", () -> ok("ok\n"));
        http.serve("/readyz", "text/plain", () -> agent.isReady() ? ok("ready\n") : notReady(agent));
        http.serve("/status", "application/json", () -> ok(agent.follower().statusJson()));
    }

    private static AgentHttp.Answer ok(String body) {
        return new AgentHttp.Answer(200, body);
    }

    private static AgentHttp.Answer notReady(HostAgent agent) {
        HostState state = agent.state();
        String reason = state.policy().revision() == 0
                ? "no policy yet"
                : state.error().isEmpty() ? "the switch's database is not connected" : state.error();
        return new AgentHttp.Answer(503, "not ready: " + reason + "\n");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
