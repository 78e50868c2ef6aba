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

    /**
     * @param input a join token and nothing else but white space around it
     * @return the file that the running or next agent takes the token from, mode 0600
     * @throws ConfigException if the input is no token; what was there stays
     */
    static Path join(AgentSettings settings, InputStream input) throws IOException {
        byte[] given = input.readNBytes(TOKEN_BYTES_MAX + 1);
        String token = new String(given, StandardCharsets.UTF_8).strip();
        if (given.length > TOKEN_BYTES_MAX
                || !token.startsWith(TOKEN_START)
                || token.chars().anyMatch(Character::isWhitespace)) {
            throw new ConfigException("token", "standard input is not one join token: that begins with " + TOKEN_START);
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

    /**
     * What the running agent says at /status, JSON.
     *
     * @throws IOException if nobody answers within 10 s, or not as an agent does
     */
    static String status(AgentSettings settings) throws IOException, InterruptedException {
        String host = settings.http().address();
        String literal = host.contains(":") ? "[" + host + "]" : host;
        URI uri = URI.create("http://" + literal + ":" + settings.http().port() + "/status");
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        HttpResponse<String> answer;
        try (HttpClient client = HttpClient.newHttpClient()) {
            answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IOException("no agent answers at " + uri + ": " + e, e);
        }
        if (answer.statusCode() != 200) {
            throw new IOException("no agent answers at " + uri + ", but somebody: HTTP " + answer.statusCode());
        }
        return answer.body();
    }
}
