package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * What a manager does before it serves anybody, for a machine that sets itself up with nobody there.
 */
public record FirstStartConfig(Optional<Path> fabricFile, Optional<String> gateway, Optional<Path> joinTokenFile) {

    public static final FirstStartConfig NONE =
            new FirstStartConfig(Optional.empty(), Optional.empty(), Optional.empty());

    public FirstStartConfig {
        if (gateway.isPresent() != joinTokenFile.isPresent()) {
            throw new ConfigException(
                    "first-start.gateway", "first-start.gateway and first-start.join-token-file go together");
        }
    }

    @JsonCreator
    public static FirstStartConfig of(
            @Key(
                            "a fabric file that is applied before anybody is served, and then renamed to `NAME.applied`; one"
                                    + " that is refused becomes `NAME.refused`, the log says why, and it is not tried again. Only a "
                                    + "file that cannot be read, or a store that does not answer, is tried again at the next start")
                    @Nullable
                    Path fabricFile,
            @Key("name of a gateway that is to join, together with `join-token-file`: for manager and gateway on "
                            + "one machine. Remove both when it has joined")
                    @Nullable
                    String gateway,
            @Key("where its join token is written, at each start a new one, good for an hour (the one before is "
                            + "void then)")
                    @Nullable
                    Path joinTokenFile) {
        return new FirstStartConfig(
                Optional.ofNullable(fabricFile), Optional.ofNullable(gateway), Optional.ofNullable(joinTokenFile));
    }
}
