package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * What of one process the next one goes on with; docs/restart.md explains it.
 *
 * @param keepSessions how long a gateway may have been away to go on with its sessions; zero = it keeps none
 */
public record RestartSettings(Duration keepSessions) {

    public static final int SECONDS_DEFAULT = 600;
    private static final int SECONDS_MAX = 7_440;

    // The record has no component of the key's name: Jackson would take a bare number for it.
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public static RestartSettings of(
            @Key(
                            value =
                                    "after so long without a gateway its sessions are not taken up again; 0 = nothing is written or "
                                            + "read, and a file that is there is deleted",
                            or = "`600`")
                    @Nullable
                    Integer keepSessionsSeconds) {
        return new RestartSettings(Duration.ofSeconds(Defaults.range(
                "restart.keep-sessions-seconds", Defaults.or(keepSessionsSeconds, SECONDS_DEFAULT), 0, SECONDS_MAX)));
    }
}
