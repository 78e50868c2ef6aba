package net.nvgate.fabric.ovs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import net.nvgate.fabric.config.ConfigException;

/** What the administrator of a host does beside running the agent: check, join, status. */
final class AgentTools {

    private static final int TOKEN_BYTES_MAX = 4096;
    private static final String TOKEN_START = "nvgate-join-";

    private AgentTools() {}

    /** @return the file that the running or next agent takes the token from */
    static Path join(AgentSettings settings, InputStream input) throws IOException {
        String token = new String(input.readNBytes(TOKEN_BYTES_MAX), StandardCharsets.UTF_8).strip();
        if (!token.startsWith(TOKEN_START) || token.chars().anyMatch(Character::isWhitespace)) {
            throw new ConfigException("token", "standard input holds no join token: one begins with " + TOKEN_START);
        }
        Path file = settings.identity()
                .joinTokenFile()
                .orElse(settings.stateDirectory().resolve("join-token"))
                .toAbsolutePath();
        Path directory = file.resolveSibling("");
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // Made unreadable for others, then filled, then put in place in one step: the agent looks for it all the time.
        Path made = Files.createTempFile(
                directory,
                ".join-token",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(made, token + "\n");
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(made);
        }
        return file;
    }

    /** What the running agent says at /status. */
    static String status(AgentSettings settings) throws IOException, InterruptedException {
        String host = settings.http().address();
        String literal = host.contains(":") ? "[" + host + "]" : host;
        URI uri = URI.create("http://" + literal + ":" + settings.http().port() + "/status");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new IOException("no agent answers at " + uri + ": " + e, e);
        }
    }
}
