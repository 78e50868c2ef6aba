package net.nvgate.mgmt.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Login and logout of the command line: a password becomes an API token of this machine. */
final class LoginCommands {

    private static final int NAME_LENGTH_MAX = 64;

    private LoginCommands() {}

    @Command(
            name = "login",
            mixinStandardHelpOptions = true,
            description = "Logs in, and keeps an API token for the commands of this user.")
    static final class Login implements Callable<Integer> {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private Target target = new Target();

        @Option(
                names = "--user",
                paramLabel = "NAME",
                defaultValue = "admin",
                description = "default: ${DEFAULT-VALUE}")
        private String user = "admin";

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "has the password; default: ask, or the standard input if nobody can be asked")
        private @Nullable Path passwordFile;

        @Option(
                names = "--new-password-file",
                paramLabel = "FILE",
                description = "has the next password, if the present one must be changed")
        private @Nullable Path newPasswordFile;

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "90",
                description = "that the token is good for (default: ${DEFAULT-VALUE})")
        private int days = 90;

        @Option(names = "--read-only", description = "a token that changes nothing")
        private boolean readOnly;

        @Override
        public Integer call() throws IOException, FilesClient.RefusedException {
            PrintWriter out = spec.root().commandLine().getOut();
            String password = secret(passwordFile, "Password of " + user + ": ");
            try (FilesClient client = target.stranger()) {
                ObjectNode login =
                        Json.MAPPER.createObjectNode().put("user", user).put("password", password);
                FilesClient.LoggedIn in = client.login(login.toString());
                JsonNode session = Json.MAPPER.readTree(in.answer());
                if (session.get("mustChangePassword").asBoolean()) {
                    String next = secret(newPasswordFile, "It must be changed. New password, 12 characters or more: ");
                    client.asSession(
                            in.cookie(),
                            "password",
                            Json.MAPPER
                                    .createObjectNode()
                                    .put("current", password)
                                    .put("password", next)
                                    .toString());
                }
                ObjectNode request = Json.MAPPER
                        .createObjectNode()
                        .put("name", tokenName())
                        .put("expiryDays", days)
                        .put("readOnly", readOnly);
                JsonNode made = Json.MAPPER.readTree(client.asSession(in.cookie(), "tokens", request.toString()));
                client.asSession(in.cookie(), "logout", "");
                target.credentials().keep(target.url(), made.get("secret").asString(), target.ca());
                out.println("logged in to " + target.url() + " as " + user + " ("
                        + session.get("role").asString() + ") until "
                        + made.get("token").get("expiresAt").asString());
                out.println(
                        "for curl: curl --config " + target.credentials().curlFile(target.url()) + " " + target.url());
                out.flush();
            }
            return 0;
        }

        private static String tokenName() {
            String host;
            try {
                host = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                host = "somewhere";
            }
            String name = "nvgate login by " + System.getProperty("user.name", "somebody") + " on " + host;
            return name.substring(0, Math.min(NAME_LENGTH_MAX, name.length())).strip();
        }

        private static String secret(@Nullable Path file, String question) throws IOException {
            if (file != null) {
                return Files.readString(file, StandardCharsets.UTF_8).strip();
            }
            Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
            if (terminal.isPresent()) {
                char[] typed = terminal.get().readPassword("%s", question);
                return typed == null ? "" : new String(typed);
            }
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Command(
            name = "logout",
            mixinStandardHelpOptions = true,
            description = "Revokes the token that login has kept, and forgets it.")
    static final class Logout implements Callable<Integer> {

        @Mixin
        private Target target = new Target();

        @Override
        public Integer call() throws IOException, FilesClient.RefusedException {
            try (FilesClient client = target.client()) {
                JsonNode session = Json.MAPPER.readTree(client.get("session"));
                String id = session.path("tokenId").asString("");
                if (!id.isEmpty()) {
                    client.call("DELETE", "tokens/" + id, "");
                }
            } finally {
                target.credentials().forget(target.url());
            }
            return 0;
        }
    }
}
