package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who has how many traces and captures of real packets: each tenant one, and all tenants together never all that there are. One thread. */
final class WatchSlots {

    static final int MAX = 4;
    /** The others are kept for those who run the gateway. */
    static final int OF_TENANTS_MAX = 2;

    /** Id to the tenant, 0 = none. */
    private final Map<String, Integer> taken = new HashMap<>();

    /**
     * Why there can be no other one now; empty if there can.
     *
     * @param tenant routing domain for which it is, 0 = for those who run the gateway
     */
    Optional<String> refusal(int tenant) {
        if (tenant != 0 && taken.containsValue(tenant)) {
            return Optional.of("a trace or capture of this VM network runs already");
        }
        boolean full = taken.size() >= MAX
                || (tenant != 0
                        && taken.values().stream().filter(other -> other != 0).count() >= OF_TENANTS_MAX);
        return full ? Optional.of("as many traces and captures run as can at once") : Optional.empty();
    }

    void take(String id, int tenant) {
        taken.put(id, tenant);
    }

    void free(String id) {
        taken.remove(id);
    }
}
