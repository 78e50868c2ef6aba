package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.connection;
import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.LimitMode;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.RateLimits;
import org.junit.jupiter.api.Test;

/** Policy of limits becomes rows; sessions are told to look again only when they must. */
class LimitPolicyTest extends TwoTenantsPolicy {

    private static TenantSettings settings(Bandwidth limits) {
        return new TenantSettings(id(1), NatQuota.UNLIMITED, DscpMode.UNIFORM, 0, false, limits);
    }

    private static NatConnection limited(Bandwidth limits) {
        NatConnection plain = connection(1, "203.0.113.20");
        return new NatConnection(
                plain.id(),
                plain.rdid(),
                IpAddress.parse("203.0.113.20"),
                plain.portMin(),
                plain.portMax(),
                List.of(),
                plain.settings(),
                limits);
    }

    private RateLimits.Row tenant() {
        return tables.rates.tenantRow(rdid(1));
    }

    private RateLimits.Row connectionRow() {
        NatTable.Connection row = policy.natConnections().stream()
                .filter(one -> one.rdid() == rdid(1))
                .findFirst()
                .orElseThrow();
        return tables.rates.connectionRow(row.index());
    }

    @Test
    void aTenantsLimitsComeChangeAndGo() throws PolicyRejectedException {
        start();
        assertThat(tenant()).isEqualTo(RateLimits.Row.NONE);
        int before = tables.epochs.of(rdid(1));
        put(settings(new Bandwidth(1, 2, 3, 4, LimitMode.SHAPE)));
        assertThat(tenant()).isEqualTo(new RateLimits.Row(1, 2, 3, 4, true, false));
        assertThat(tables.rates.tenantRow(rdid(2))).isEqualTo(RateLimits.Row.NONE);
        int limited = tables.epochs.of(rdid(1));
        assertThat(limited).as("sessions must learn that they are limited").isNotEqualTo(before);
        remove(settings(Bandwidth.UNLIMITED));
        assertThat(tenant()).isEqualTo(RateLimits.Row.NONE);
        assertThat(tables.epochs.of(rdid(1))).isNotEqualTo(limited);
    }

    @Test
    void aConnectionsLimitsMakeItsTenantLimited() throws PolicyRejectedException {
        start();
        put(limited(new Bandwidth(10, 20)));
        assertThat(connectionRow()).isEqualTo(new RateLimits.Row(10, 20, 0, 0, false, false));
        assertThat(tenant()).isEqualTo(new RateLimits.Row(0, 0, 0, 0, false, true));
        put(limited(new Bandwidth(10, 30, 0, 0, LimitMode.SHAPE)));
        assertThat(connectionRow()).isEqualTo(new RateLimits.Row(10, 30, 0, 0, true, false));
        put(settings(new Bandwidth(7, 0)));
        assertThat(tenant()).isEqualTo(new RateLimits.Row(7, 0, 0, 0, false, true));
        put(limited(new Bandwidth(0, 0, 0, 0, LimitMode.SHAPE)));
        assertThat(connectionRow()).as("a mode without a limit").isEqualTo(RateLimits.Row.NONE);
        assertThat(tenant()).isEqualTo(new RateLimits.Row(7, 0, 0, 0, false, false));
    }

    @Test
    void theIndexOfAConnectionThatIsGoneHasNoLimits() throws PolicyRejectedException {
        start();
        put(limited(new Bandwidth(10, 20)));
        int index = policy.natConnections().stream()
                .filter(one -> one.rdid() == rdid(1))
                .findFirst()
                .orElseThrow()
                .index();
        remove(limited(new Bandwidth(10, 20)));
        assertThat(tables.rates.connectionRow(index)).isEqualTo(RateLimits.Row.NONE);
        assertThat(tenant()).isEqualTo(RateLimits.Row.NONE);
    }
}
