package net.nvgate.mgmt.api;

import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.convergence.Convergence;
import net.nvgate.fabric.identity.IdentityAdministration;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.mgmt.access.Access;
import net.nvgate.mgmt.metrics.ManagerMetrics;
import net.nvgate.mgmt.telemetry.Traces;

/**
 * What the API speaks for.
 *
 * @param checks of readiness: name to a supplier of "ok" or what is wrong; may block briefly
 * @param name of this manager, for people
 */
public record ApiBackend(
        FabricManager fabric,
        ChangeLog changes,
        PolicySource policy,
        Followers followers,
        Convergence convergence,
        IdentityAdministration identities,
        StoreAdmin store,
        Access access,
        ManagerMetrics metrics,
        Traces traces,
        Map<String, Supplier<String>> checks,
        Clock clock,
        String version,
        String name) {}
