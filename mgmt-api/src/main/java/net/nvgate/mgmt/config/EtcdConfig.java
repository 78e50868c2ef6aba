package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that holds the fabric if {@code store.type} is {@code etcd}.
 */
public record EtcdConfig(
        List<URI> endpoints,
        String prefix,
        Optional<String> user,
        Optional<Path> passwordFile,
        Optional<Path> caFile,
        Optional<Path> certificateFile,
        Optional<Path> keyFile,
        int timeoutSeconds) {

    public EtcdConfig {
        Defaults.range("timeout-seconds", timeoutSeconds, 1, 300);
        together("user", user, "password-file", passwordFile);
        together("certificate-file", certificateFile, "key-file", keyFile);
        settings(endpoints, prefix, Optional.empty(), Optional.empty(), timeoutSeconds);
    }

    @JsonCreator
    public static EtcdConfig of(
            @Key("`[http://10.0.0.1:2379, ...]`, client URLs of the members, `http` or `https`") @Nullable
                    List<URI> endpoints,
            @Key("of all keys; one fabric has one prefix") @Nullable String prefix,
            @Key("login, together with `password-file`, if the cluster has authentication") @Nullable String user,
            @Key("has the user's password") @Nullable Path passwordFile,
            @Key(value = "PEM, who signed the members' certificates", or = "the JDK's") @Nullable Path caFile,
            @Key("PEM, for members that ask for a certificate, together with `key-file`") @Nullable
                    Path certificateFile,
            @Key("PEM, PKCS #8") @Nullable Path keyFile,
            @Key("how long a change waits to be confirmed; then 503") @Nullable Integer timeoutSeconds) {
        return new EtcdConfig(
                Defaults.required("endpoints", endpoints),
                Defaults.or(prefix, EtcdSettings.PREFIX_DEFAULT),
                Optional.ofNullable(user),
                Optional.ofNullable(passwordFile),
                Optional.ofNullable(caFile),
                Optional.ofNullable(certificateFile),
                Optional.ofNullable(keyFile),
                Defaults.or(timeoutSeconds, (int) EtcdSettings.PATIENCE_DEFAULT.toSeconds()));
    }

    private static void together(String key, Optional<?> value, String otherKey, Optional<?> other) {
        if (value.isPresent() != other.isPresent()) {
            throw new ConfigException(value.isPresent() ? key : otherKey, key + " and " + otherKey + " go together");
        }
    }

    private static EtcdSettings settings(
            List<URI> endpoints,
            String prefix,
            Optional<EtcdSettings.Login> login,
            Optional<EtcdSettings.Tls> tls,
            int timeoutSeconds) {
        try {
            return new EtcdSettings(endpoints, prefix, login, tls, Duration.ofSeconds(timeoutSeconds));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("endpoints", String.valueOf(e.getMessage()));
        }
    }

    /**
     * With the password read from its file.
     *
     * @throws ConfigException if it cannot be read
     */
    public EtcdSettings settings() {
        Optional<EtcdSettings.Login> login =
                user.flatMap(name -> passwordFile.map(file -> new EtcdSettings.Login(name, password(file))));
        Optional<EtcdSettings.Tls.Own> own =
                certificateFile.flatMap(certificate -> keyFile.map(key -> new EtcdSettings.Tls.Own(certificate, key)));
        return settings(endpoints, prefix, login, Optional.of(new EtcdSettings.Tls(caFile, own)), timeoutSeconds);
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ConfigException(
                    "store.etcd.password-file", "cannot read store.etcd.password-file " + file + ": " + e);
        }
    }
}
