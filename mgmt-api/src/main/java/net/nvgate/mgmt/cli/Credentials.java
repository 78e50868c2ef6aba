package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.identity.PrivateFiles;

/**
 * Where the token lies with which this user's commands ask a manager: {@code NVGATE_TOKEN}, or a file that {@code nvgate
 * login} has written, one per manager, which only its owner can read:
 *
 * <pre>
 *  ~/.config/nvgate/HOST_PORT.token
 *  ~/.config/nvgate/HOST_PORT.curl   for curl --config: the token and the CA
 * </pre>
 */
final class Credentials {

    private static final String TOKEN_VARIABLE = "NVGATE_TOKEN";
    private static final String DIRECTORY_VARIABLE = "NVGATE_CONFIG_HOME";

    private final Path directory;
    private final Optional<String> given;

    Credentials(Path directory, Optional<String> given) {
        this.directory = directory;
        this.given = given;
    }

    /** @param chosen directory, if one was named */
    static Credentials ofUser(Optional<Path> chosen) {
        String own = System.getenv(DIRECTORY_VARIABLE);
        String shared = System.getenv("XDG_CONFIG_HOME");
        Path usual = own != null
                ? Path.of(own)
                : (shared != null ? Path.of(shared) : Path.of(System.getProperty("user.home"), ".config"))
                        .resolve("nvgate");
        return new Credentials(
                chosen.orElse(usual),
                Optional.ofNullable(System.getenv(TOKEN_VARIABLE)).filter(token -> !token.isBlank()));
    }

    private Path file(URI manager, String suffix) {
        return directory.resolve(
                manager.getHost().replaceAll("[^A-Za-z0-9.-]", "-") + "_" + manager.getPort() + suffix);
    }

    private Path tokenFile(URI manager) {
        return file(manager, ".token");
    }

    /** What {@code curl --config} reads. */
    Path curlFile(URI manager) {
        return file(manager, ".curl");
    }

    /** The token for a manager, if there is one. */
    Optional<String> token(URI manager) {
        if (given.isPresent()) {
            return given;
        }
        try {
            Path file = tokenFile(manager);
            return Files.isReadable(file)
                    ? Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Keeps a token. */
    void keep(URI manager, String token, Optional<Path> ca) throws IOException {
        PrivateFiles.makeDirectory(directory);
        PrivateFiles.write(tokenFile(manager), token + "\n");
        String authority = ca.map(file -> "cacert = \"" + quoted(file) + "\"\n").orElse("");
        PrivateFiles.write(curlFile(manager), "header = \"Authorization: Bearer " + token + "\"\n" + authority);
    }

    private static String quoted(Path file) {
        return file.toAbsolutePath().toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** Forgets the token of a manager. */
    void forget(URI manager) throws IOException {
        Files.deleteIfExists(tokenFile(manager));
        Files.deleteIfExists(curlFile(manager));
    }
}
