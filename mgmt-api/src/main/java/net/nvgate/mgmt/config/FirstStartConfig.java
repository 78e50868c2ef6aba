package net.nvgate.mgmt.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * What a manager does before it serves anybody, for a machine that sets itself up with nobody there.
 *
 * @param fabricFile applied if it is there, then renamed to {@code NAME.applied}, or to {@code NAME.refused}
 * @param gateway the name of a gateway that shall have a join token, at each start a new one in place of the last
 * @param joinTokenFile where that token is written, readable by the manager's user alone
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
            @Nullable Path fabricFile, @Nullable String gateway, @Nullable Path joinTokenFile) {
        return new FirstStartConfig(
                Optional.ofNullable(fabricFile), Optional.ofNullable(gateway), Optional.ofNullable(joinTokenFile));
    }
}
