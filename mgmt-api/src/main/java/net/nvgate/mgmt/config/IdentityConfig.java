package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.fabric.config.OutsideCaConfig;
import org.jspecify.annotations.Nullable;

/**
 * Who this manager is, and how nodes get their certificates.
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
            @Key(value = "in this manager's certificate", or = "the machine's") @Nullable String name,
            @Key("further names and addresses under which nodes reach it, besides `sync.address`, the host name "
                            + "and localhost")
                    @Nullable
                    List<String> names,
            @Key(
                            value = "[seals](/fabric-sync/docs/identity.md) the CA's key in the store",
                            or = "identity/seal.key in the state directory")
                    @Nullable
                    Path sealKeyFile,
            @Key("how long certificates live; renewed after two thirds of it") @Nullable Integer certificateHours,
            @Key("how long every node must have a certificate of a new CA before the old CA [goes](/fabric-"
                            + "sync/docs/identity.md#exchange-of-the-ca)")
                    @Nullable
                    Integer overlapMinutes,
            @Key(value = OutsideCaConfig.ABOUT, or = "none") @Nullable OutsideCaConfig outsideCa) {
        return new IdentityConfig(
                Optional.ofNullable(name),
                Defaults.or(names, List.of()),
                Optional.ofNullable(sealKeyFile),
                Defaults.or(certificateHours, 24 * 90),
                Defaults.or(overlapMinutes, 60),
                Optional.ofNullable(outsideCa));
    }
}
