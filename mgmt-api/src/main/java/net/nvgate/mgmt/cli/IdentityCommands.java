package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import net.nvgate.mgmt.cli.NvgateMain.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Join tokens, identities and the CA by a manager's API. */
final class IdentityCommands {

    private IdentityCommands() {}

    /** A node as people write it: {@code gateway/gw1}, {@code host/host-1}. */
    static final class Node {

        @Parameters(paramLabel = "NODE", description = "gateway/NAME or host/NAME")
        private String node = "";

        private String[] parts(CommandSpec spec) {
            String[] parts = node.split("/", 2);
            if (parts.length != 2
                    || parts[1].isEmpty()
                    || !Set.of("gateway", "host").contains(parts[0])) {
                throw new ParameterException(
                        spec.commandLine(), "a node is gateway/NAME or host/NAME, not '" + node + "'");
            }
            return parts;
        }

        String kind(CommandSpec spec) {
            return parts(spec)[0] + "s";
        }

        String name(CommandSpec spec) {
            return parts(spec)[1];
        }

        /** As a path below {@code api/v1/...}. */
        String path(CommandSpec spec) {
            return kind(spec) + "/" + encoded(name(spec));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String ask(Target target, String method, String path, String body)
            throws FilesClient.RefusedException {
        try (FilesClient client = target.client()) {
            return client.call(method, path, body);
        }
    }

    private static String text(JsonNode item, String field) {
        return item.path(field).asString("-");
    }

    @Command(name = "join-token", mixinStandardHelpOptions = true, description = "Lets nodes join.")
    static final class JoinToken {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private PrintWriter out() {
            return spec.root().commandLine().getOut();
        }

        @Command(
                name = "create",
                mixinStandardHelpOptions = true,
                description = "Makes a token for one node, good once, and prints it.")
        int create(
                @Mixin Target target,
                @Mixin OutputFormat output,
                @Mixin Node node,
                @Option(
                                names = "--expiry",
                                paramLabel = "SECONDS",
                                defaultValue = "3600",
                                description = "how long it is good (default: ${DEFAULT-VALUE})")
                        int seconds,
                @Option(
                                names = "--out",
                                paramLabel = "FILE",
                                description = "write it there, readable by its owner only, instead of printing it")
                        @Nullable
                        Path file)
                throws FilesClient.RefusedException, IOException {
            String body = Json.MAPPER.writeValueAsString(
                    Map.of("kind", node.kind(spec), "name", node.name(spec), "expirySeconds", seconds));
            JsonNode made = Json.MAPPER.readTree(ask(target, "POST", "join-tokens", body));
            String token = made.path("token").asString();
            if (file == null && !output.isTable()) {
                output.document(out(), made);
            } else if (file == null) {
                out().println(token);
            } else {
                write(file, token + "\n");
            }
            return 0;
        }

        private static void write(Path file, String text) throws IOException {
            try (var channel = Files.newByteChannel(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                channel.write(StandardCharsets.UTF_8.encode(text));
            } catch (FileAlreadyExistsException e) {
                throw new IOException(file + " exists already", e);
            }
        }

        @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows tokens, without their secrets.")
        int list(@Mixin Target target, @Mixin OutputFormat output) throws FilesClient.RefusedException {
            JsonNode answer = Json.MAPPER.readTree(ask(target, "GET", "join-tokens", ""));
            if (!output.isTable()) {
                output.document(out(), answer);
                return 0;
            }
            for (JsonNode item : answer.path("items")) {
                out().printf(
                                "%-8s %-32s %-8s until %s, by %s%n",
                                text(item, "kind"),
                                text(item, "name"),
                                text(item, "state"),
                                text(item, "expiresAt"),
                                text(item, "changedBy"));
            }
            return 0;
        }

        @Command(name = "delete", mixinStandardHelpOptions = true, description = "Makes a node's token useless.")
        int delete(@Mixin Target target, @Mixin Node node) throws FilesClient.RefusedException {
            ask(target, "DELETE", "join-tokens/" + node.path(spec), "");
            return 0;
        }
    }

    @Command(name = "identity", mixinStandardHelpOptions = true, description = "Nodes that have joined.")
    static final class Identity {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private PrintWriter out() {
            return spec.root().commandLine().getOut();
        }

        @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows nodes and their certificates.")
        int list(@Mixin Target target, @Mixin OutputFormat output) throws FilesClient.RefusedException {
            JsonNode answer = Json.MAPPER.readTree(ask(target, "GET", "identities", ""));
            if (!output.isTable()) {
                output.document(out(), answer);
                return 0;
            }
            for (JsonNode item : answer.path("items")) {
                print(item);
            }
            return 0;
        }

        private void print(JsonNode item) {
            out().printf(
                            "%-8s %-32s %-8s until %s%n",
                            text(item, "kind"), text(item, "name"), text(item, "state"), text(item, "expiresAt"));
            for (JsonNode certificate : item.path("certificates")) {
                out().printf(
                                "         %s by %s until %s%s%n",
                                text(certificate, "serial"),
                                text(certificate, "authority"),
                                text(certificate, "notAfter"),
                                certificate.path("revoked").asBoolean() ? ", revoked" : "");
            }
        }

        @Command(
                name = "revoke",
                mixinStandardHelpOptions = true,
                description = "The node gets nothing any more, until it joins again by a new token.")
        int revoke(@Mixin Target target, @Mixin OutputFormat output, @Mixin DryRun dryRun, @Mixin Node node)
                throws FilesClient.RefusedException {
            String path = dryRun.path("identities/" + node.path(spec) + "/revoke");
            JsonNode revoked = Json.MAPPER.readTree(ask(target, "POST", path, ""));
            dryRun.print(output, out(), revoked, this::print);
            return 0;
        }
    }

    @Command(name = "ca", mixinStandardHelpOptions = true, description = "The fabric's certificate authorities.")
    static final class Ca {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private PrintWriter out() {
            return spec.root().commandLine().getOut();
        }

        @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows them, the one that signs first.")
        int show(
                @Mixin Target target,
                @Mixin OutputFormat output,
                @Option(names = "--pem", description = "print the certificates") boolean pem)
                throws FilesClient.RefusedException {
            JsonNode answer = Json.MAPPER.readTree(ask(target, "GET", "certificate-authorities", ""));
            if (!pem && !output.isTable()) {
                output.document(out(), answer);
                return 0;
            }
            for (JsonNode item : answer.path("items")) {
                if (pem) {
                    out().print(text(item, "certificate"));
                } else {
                    print(item);
                }
            }
            out().flush();
            return 0;
        }

        private void print(JsonNode item) {
            out().printf(
                            "%-6s %-8s until %s, %s nodes, SHA-256 %s%n",
                            text(item, "name"),
                            text(item, "state"),
                            text(item, "notAfter"),
                            item.path("nodes").asInt(),
                            text(item, "fingerprint"));
        }

        @Command(
                name = "rotate",
                mixinStandardHelpOptions = true,
                description = "A new CA signs from now on; the old one goes when no node needs it any more.")
        int rotate(@Mixin Target target, @Mixin OutputFormat output, @Mixin DryRun dryRun)
                throws FilesClient.RefusedException {
            String path = dryRun.path("certificate-authorities/rotate");
            JsonNode made = Json.MAPPER.readTree(ask(target, "POST", path, ""));
            dryRun.print(output, out(), made, this::print);
            return 0;
        }

        @Command(
                name = "retire",
                mixinStandardHelpOptions = true,
                description = "An old CA goes at once; nodes that have no other certificate must join again.")
        int retire(@Mixin Target target, @Parameters(paramLabel = "NAME") String name)
                throws FilesClient.RefusedException {
            ask(target, "DELETE", "certificate-authorities/" + encoded(name), "");
            return 0;
        }
    }
}
