package net.nvgate.fabric.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a manager with CAs of its own gives certificates.
 *
 * @param name of this manager, in its certificate
 * @param hosts names and addresses under which nodes reach it, in its certificate
 * @param sealKeyFile the secret that managers of one fabric have in common; made with the first CA
 * @param certificateLife of nodes and managers; renewed after two thirds of it
 * @param authorityLife of a CA
 * @param overlap how long a node must have a certificate of the new CA before the old CA goes
 */
public record AuthoritySettings(
        String name,
        List<String> hosts,
        Path sealKeyFile,
        Duration certificateLife,
        Duration authorityLife,
        Duration overlap) {

    public static final Duration CERTIFICATE_LIFE_DEFAULT = Duration.ofDays(90);
    public static final Duration AUTHORITY_LIFE_DEFAULT = Duration.ofDays(3650);
    public static final Duration OVERLAP_DEFAULT = Duration.ofHours(1);

    public AuthoritySettings {
        hosts = List.copyOf(hosts);
        if (certificateLife.compareTo(Duration.ofSeconds(1)) < 0 || authorityLife.compareTo(certificateLife) < 0) {
            throw new IllegalArgumentException("certificates live 1 s at least, and no longer than their CA: "
                    + certificateLife + ", " + authorityLife);
        }
    }

    /** With the defaults. */
    public static AuthoritySettings of(String name, List<String> hosts, Path sealKeyFile) {
        return new AuthoritySettings(
                name, hosts, sealKeyFile, CERTIFICATE_LIFE_DEFAULT, AUTHORITY_LIFE_DEFAULT, OVERLAP_DEFAULT);
    }
}
