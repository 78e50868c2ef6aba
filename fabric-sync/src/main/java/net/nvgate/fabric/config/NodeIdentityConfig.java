package net.nvgate.fabric.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Key {@code identity} of gateways and hosts.
 */
public record NodeIdentityConfig(Optional<Path> joinTokenFile, int checkSeconds, Optional<OutsideCaConfig> outsideCa) {

    public static final NodeIdentityConfig DEFAULT = of(null, null, null);

    public NodeIdentityConfig {
        Defaults.range("identity.check-seconds", checkSeconds, 1, 86_400);
    }

    @JsonCreator
    public static NodeIdentityConfig of(
            @Key(
                            value = "has the [join token](/fabric-sync/docs/identity.md)",
                            or = "join-token in the state directory")
                    @Nullable
                    Path joinTokenFile,
            @Key("how often the node looks whether its certificate, or the CA, is to be renewed") @Nullable
                    Integer checkSeconds,
            @Key(value = OutsideCaConfig.ABOUT, or = "none") @Nullable OutsideCaConfig outsideCa) {
        return new NodeIdentityConfig(
                Optional.ofNullable(joinTokenFile), Defaults.or(checkSeconds, 600), Optional.ofNullable(outsideCa));
    }
}
