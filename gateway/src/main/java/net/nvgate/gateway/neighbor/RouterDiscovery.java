package net.nvgate.gateway.neighbor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.model.Ipv6Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The default router that advertises itself on one port (RFC 4861 §6.3.4): the one known longest among those whose lifetime has not run
 * out. Used by the thread of the {@link NeighborAgent}.
 */
public final class RouterDiscovery {

    /** Nobody has that many routers; whoever makes them up finds no room (RFC 4861 §6.3.4 asks for two at least). */
    static final int ROUTERS_MAX = 8;

    private static final Logger LOG = LoggerFactory.getLogger(RouterDiscovery.class);

    private final int port;
    private final Map<Ipv6Address, Long> deadlinesNanos = new LinkedHashMap<>();

    /** @param port where routers are looked for */
    public RouterDiscovery(int port) {
        this.port = port;
    }

    void advertised(int fromPort, Ipv6Address router, long lifetimeSeconds, long nowNanos) {
        if (fromPort != port) {
            return;
        }
        if (lifetimeSeconds == 0) {
            if (deadlinesNanos.remove(router) != null) {
                LOG.info("router {} says that it is no default router any more", router);
            }
        } else if (deadlinesNanos.containsKey(router) || deadlinesNanos.size() < ROUTERS_MAX) {
            if (deadlinesNanos.put(router, nowNanos + TimeUnit.SECONDS.toNanos(lifetimeSeconds)) == null) {
                LOG.info("router {} advertises itself for {} s", router, lifetimeSeconds);
            }
        }
    }

    /** The default router now. */
    public Optional<Ipv6Address> current(long nowNanos) {
        deadlinesNanos.entrySet().removeIf(entry -> entry.getValue() - nowNanos <= 0);
        return deadlinesNanos.keySet().stream().findFirst();
    }
}
