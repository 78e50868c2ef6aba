package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.OutsideCaConfig;
import org.jspecify.annotations.Nullable;

/**
 * Who this manager is, and how nodes get their certificates.
 *
 * @param name in this manager's certificate; absent = the machine's
 * @param names and addresses besides {@code sync.address} under which nodes reach it
 * @param sealKeyFile absent = {@code identity/seal.key} in the state directory
 * @param certificateHours how long certificates live; renewed after two thirds of it
 * @param overlapMinutes how long a node must have a certificate of a new CA before the old CA goes
 */
public record IdentityConfig(
        Optional<String> name,
        List<String> names,
        Optional<Path> sealKeyFile,
        int certificateHours,
        int overlapMinutes,
        Optional<OutsideCaConfig> outsideCa) {

    public IdentityConfig {
        names = List.copyOf(names);
        Defaults.range("identity.certificate-hours", certificateHours, 1, 24 * 825);
        Defaults.range("identity.overlap-minutes", overlapMinutes, 0, 60 * 24 * 365);
    }

    @JsonCreator
    public static IdentityConfig of(
            @Nullable String name,
            @Nullable List<String> names,
            @Nullable Path sealKeyFile,
            @Nullable Integer certificateHours,
            @Nullable Integer overlapMinutes,
            @Nullable OutsideCaConfig outsideCa) {
        return new IdentityConfig(
                Optional.ofNullable(name),
                Defaults.or(names, List.of()),
                Optional.ofNullable(sealKeyFile),
                Defaults.or(certificateHours, 24 * 90),
                Defaults.or(overlapMinutes, 60),
                Optional.ofNullable(outsideCa));
    }
}
