package net.nvgate.appliance;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.maintenance.StatusResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Three real etcd members, each in a network namespace of its own, on one bridge with this machine:
 *
 * <pre>
 *  nvgt-e0  198.18.66.10 ──┐
 *  nvgt-e1  198.18.66.11 ──┼── bridge nvgt-ebr 198.18.66.1: managers, test
 *  nvgt-e2  198.18.66.12 ──┘
 * </pre>
 */
final class EtcdCluster implements AutoCloseable {

    private static final int MEMBERS = 3;
    private static final String BRIDGE = "nvgt-ebr";
    private static final String NET = "198.18.66.";
    private static final int CLIENT_PORT = 2379;
    private static final int PEER_PORT = 2380;

    private final Path directory;
    private final Path etcd;
    private final List<Optional<Process>> members = new ArrayList<>();

    private EtcdCluster(Path directory, Path etcd) {
        this.directory = directory;
        this.etcd = etcd;
    }

    /** Skips the test, loudly, where there is no etcd. */
    static EtcdCluster start(Path directory) throws IOException {
        Path etcd = binary();
        EtcdCluster cluster = new EtcdCluster(directory, etcd);
        try {
            cluster.wire();
            for (int member = 0; member < MEMBERS; member++) {
                cluster.members.add(Optional.of(cluster.launch(member)));
            }
            return cluster;
        } catch (IOException | RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /** Where lib/setup.sh has put it, or on the path. */
    private static Path binary() {
        Optional<Path> found = Stream.concat(
                        Stream.of(Path.of(System.getProperty("user.home"), ".cache/nvgate/etcd/usr/bin/etcd")),
                        Stream.of(System.getenv("PATH").split(":", -1))
                                .map(entry -> Path.of(entry).resolve("etcd")))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                found.isPresent(),
                "NOT TESTED: there is no etcd (package etcd-server) on this machine; appliance-image/test fetches it");
        return found.get();
    }

    private static void ip(String command) {
        Shell.output(Demo.SHORT, ("ip " + command).split(" "));
    }

    private static String link(int member) {
        return "nvgt-ev" + member;
    }

    private static String namespace(int member) {
        return "nvgt-e" + member;
    }

    private static String address(int member) {
        return NET + (10 + member);
    }

    private void wire() {
        unwire();
        ip("link add " + BRIDGE + " type bridge");
        ip("addr add " + NET + "1/24 dev " + BRIDGE);
        ip("link set " + BRIDGE + " up");
        for (int member = 0; member < MEMBERS; member++) {
            String namespace = namespace(member);
            ip("netns add " + namespace);
            ip("link add " + link(member) + " type veth peer name eth0 netns " + namespace);
            ip("link set " + link(member) + " master " + BRIDGE + " up");
            ip("-n " + namespace + " addr add " + address(member) + "/24 dev eth0");
            ip("-n " + namespace + " link set eth0 up");
            ip("-n " + namespace + " link set lo up");
        }
    }

    private static void unwire() {
        for (int member = 0; member < MEMBERS; member++) {
            // By itself a link goes with its namespace, but that lives on as long as a killed member's sockets try to
            // say goodbye.
            Shell.run(Demo.SHORT, "ip", "link", "del", link(member));
            Shell.run(Demo.SHORT, "ip", "netns", "del", namespace(member));
        }
        Shell.run(Demo.SHORT, "ip", "link", "del", BRIDGE);
    }

    private Process launch(int member) throws IOException {
        String peer = "http://" + address(member) + ":" + PEER_PORT;
        String all = IntStream.range(0, MEMBERS)
                .mapToObj(each -> namespace(each) + "=http://" + address(each) + ":" + PEER_PORT)
                .collect(Collectors.joining(","));
        return new ProcessBuilder(List.of(
                        "ip",
                        "netns",
                        "exec",
                        namespace(member),
                        etcd.toString(),
                        "--name=" + namespace(member),
                        "--data-dir=" + directory.resolve("member-" + member),
                        "--listen-client-urls=" + endpoint(member),
                        "--advertise-client-urls=" + endpoint(member),
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=" + all,
                        "--heartbeat-interval=150",
                        "--election-timeout=1500"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("etcd-" + member + ".log").toFile()))
                .start();
    }

    private static URI endpoint(int member) {
        return URI.create("http://" + address(member) + ":" + CLIENT_PORT);
    }

    static List<URI> endpoints() {
        return IntStream.range(0, MEMBERS).mapToObj(EtcdCluster::endpoint).toList();
    }

    static List<Integer> all() {
        return List.of(0, 1, 2);
    }

    /** The member that the others follow, as soon as there is one. */
    int leader() {
        long end = System.nanoTime() + Demo.SHORT.toNanos();
        while (System.nanoTime() < end) {
            for (int member = 0; member < MEMBERS; member++) {
                if (leads(member)) {
                    return member;
                }
            }
        }
        throw new AssertionError("the cluster has no leader");
    }

    private static boolean leads(int member) {
        try (Client client = Client.builder().endpoints(endpoint(member)).build()) {
            StatusResponse status = client.getMaintenanceClient()
                    .statusMember(endpoint(member).toString())
                    .get(2, TimeUnit.SECONDS);
            return status.getLeader() == status.getHeader().getMemberId();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** kill -9. */
    void kill(int member) throws InterruptedException {
        Process process = members.get(member).orElseThrow();
        process.destroyForcibly();
        if (!process.waitFor(Duration.ofSeconds(60))) {
            throw new AssertionError("etcd does not die");
        }
    }

    void startAgain(int member) throws IOException {
        members.set(member, Optional.of(launch(member)));
    }

    /** The member goes on, and reaches nobody. */
    void cutOff(int member) {
        ip("link set " + link(member) + " down");
    }

    void reconnect(int member) {
        ip("link set " + link(member) + " up");
    }

    @Override
    public void close() {
        for (Optional<Process> process : members) {
            process.ifPresent(Process::destroyForcibly);
            process.ifPresent(EtcdCluster::join);
        }
        unwire();
    }

    private static void join(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
