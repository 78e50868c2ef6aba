package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.fuzz.FuzzAnswer;
import net.nvgate.mgmt.fuzz.FuzzCase;
import net.nvgate.mgmt.fuzz.FuzzClient;
import net.nvgate.mgmt.fuzz.FuzzContract;
import net.nvgate.mgmt.fuzz.FuzzGateway;
import net.nvgate.mgmt.fuzz.FuzzRequest;
import net.nvgate.mgmt.fuzz.FuzzRequests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests to every operation of the contract, made up from it: what the schemas allow, what they forbid, odd text, wrong
 * types, wrong logins. No answer is a fault of the server, and each is one that the contract has.
 *
 * <p>{@code -Dfuzz.seed=7} for other requests than those of seed 1, {@code -Dfuzz.seconds=600} for all cases, and more seeds as long as
 * that: {@code mvn -pl mgmt-api test -Dtest=ContractFuzzTest -Dtest.jvm.args='-Dfuzz.seconds=600 ...'}.
 */
class ContractFuzzTest {

    private static final String PASSWORD = "a long first password";
    private static final int SHOWN_MAX = 40;

    /** Percent of the cases that are tried where time is short. */
    private static final int SHARE = 45;

    private static final List<String> SLOW = List.of("login", "changePassword", "createUser", "updateUser");

    @TempDir
    static Path state;

    private final FuzzContract contract = new FuzzContract();
    private final Map<String, String> found = new TreeMap<>();
    private int sent;
    private int succeeded;

    @Test
    void noAnswerThatTheContractDoesNotHave() throws Exception {
        long seed = Long.getLong("fuzz.seed", 1);
        long seconds = Long.getLong("fuzz.seconds", 0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Path password = Files.writeString(state.resolve("password"), PASSWORD);
        try (StrictContract strict = new StrictContract();
                Manager manager = Manager.start(AccessTest.config(state.resolve("state"), Optional.of(password)));
                FuzzClient client = new FuzzClient(manager.httpPort())) {
            ApiClient nobody = new ApiClient(manager.httpPort(), strict);
            ApiClient session = nobody.loggedIn("admin", PASSWORD);
            Map<String, String> admin = token(session, "{'name':'admin'}");
            List<Map<String, String>> others = Stream.of(
                            "{'name':'a','role':'AUDITOR'}",
                            "{'name':'o','role':'OPERATOR'}",
                            "{'name':'r','readOnly':true}",
                            "{'name':'t','role':'TENANT_OWNER','tenant':'admin@tenant.example'}")
                    .map(request -> token(session, request))
                    .toList();
            Walk walk = new Walk(session).physical().offer().tenant("contoso");
            try (SyncClient _ = new FuzzGateway().follow(manager, state.resolve("cache"), "test")) {
                do {
                    FuzzRequests requests = new FuzzRequests(contract, seed, admin, others);
                    for (String name : walk.names()) {
                        requests.known(walk.path(name).split("/", -1)[3], walk.id(name));
                    }
                    everyOperation(requests, client, strict, new Random(seed), seconds == 0 ? SHARE : 100);
                    seed++;
                } while (System.nanoTime() < end && found.size() < SHOWN_MAX);
            }
        }
        assertThat(sent).isGreaterThan(1000);
        assertThat(succeeded).as("what is refused at the door tests little").isGreaterThan(100);
        assertThat(found.values()).isEmpty();
    }

    private static Map<String, String> token(ApiClient admin, String request) {
        return Map.of(
                "Authorization",
                "Bearer " + admin.post("tokens", request).json().getString("secret"));
    }

    private void everyOperation(
            FuzzRequests requests, FuzzClient client, StrictContract strict, Random choice, int share)
            throws Exception {
        for (FuzzContract.Operation operation : contract.operations()) {
            for (FuzzCase how : FuzzCase.values()) {
                Optional<FuzzRequest> request = requests.make(operation, how);
                if (choice.nextInt(100) >= share || request.isEmpty() || isTooCostly(operation, how)) {
                    continue;
                }
                FuzzAnswer answer = client.send(request.get());
                sent++;
                succeeded += answer.status() / 100 == 2 ? 1 : 0;
                answer.objection(request.get(), contract, strict)
                        .ifPresent(objection -> found.putIfAbsent(
                                operation.id() + " " + how + " " + answer.status(),
                                objection + "\n  " + request.get() + "\n  -> " + answer));
                if (how == FuzzCase.EXAMPLE && answer.status() == 201) {
                    remember(requests, answer);
                }
            }
        }
    }

    /** Argon2 takes its time. */
    private static boolean isTooCostly(FuzzContract.Operation operation, FuzzCase how) {
        return SLOW.contains(operation.id())
                && how != FuzzCase.VALID
                && how != FuzzCase.MALFORMED
                && how != FuzzCase.ODD_TEXT;
    }

    private static void remember(FuzzRequests requests, FuzzAnswer answer) {
        String location = answer.headers().get("location");
        if (location != null && location.startsWith(API)) {
            String[] steps = location.split("/", -1);
            requests.known(steps[3], steps[4]);
        }
    }
}
