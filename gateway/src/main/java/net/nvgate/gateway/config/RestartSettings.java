package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import net.nvgate.fabric.config.Defaults;
import org.jspecify.annotations.Nullable;

/**
 * What of one process the next one goes on with; docs/restart.md explains it.
 *
 * @param keepSessions how long a gateway may have been away to go on with its sessions; zero = it keeps none
 */
public record RestartSettings(Duration keepSessions) {

    public static final int SECONDS_DEFAULT = 600;
    private static final int SECONDS_MAX = 7_440;

    @JsonCreator
    public static RestartSettings of(@Nullable Integer keepSessionsSeconds) {
        return new RestartSettings(Duration.ofSeconds(Defaults.range(
                "restart.keep-sessions-seconds", Defaults.or(keepSessionsSeconds, SECONDS_DEFAULT), 0, SECONDS_MAX)));
    }
}
