package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.PortProfile.Bandwidth;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import org.junit.jupiter.api.Test;

/** What port profiles say of bandwidth becomes rows, by each address of a NIC. */
class NicPolicyTest extends TwoTenantsPolicy {

    private static final UUID NIC = new UUID(7, 1);

    private static NicBandwidth nic(UUID id, Bandwidth bandwidth, String... addresses) {
        return new NicBandwidth(
                id, id(1), Stream.of(addresses).map(IpAddress::parse).toList(), bandwidth);
    }

    private static Bandwidth weight(int weight) {
        return new Bandwidth(Optional.empty(), Optional.of(weight), Optional.empty());
    }

    private static Bandwidth mbps(int minimum, int maximum) {
        return new Bandwidth(Optional.of(minimum), Optional.empty(), Optional.of(maximum));
    }

    private NicRates.Row row(int tenant, String address) {
        return tables.nicRates.row(rdid(tenant), IpAddress.parse(address));
    }

    @Test
    void aShareIsFoundByEachAddressAndNoLimitIsNeeded() throws PolicyRejectedException {
        start();
        int before = tables.epochs.of(rdid(1));
        put(nic(NIC, weight(30), "192.168.1.7", "fd00:1::7"));
        NicRates.Row share = new NicRates.Row(30, 0, NicRates.NO_INDEX, NIC.hashCode());
        assertThat(List.of(row(1, "192.168.1.7"), row(1, "fd00:1::7"))).containsOnly(share);
        assertThat(row(2, "192.168.1.7")).isEqualTo(NicRates.Row.NONE);
        assertThat(tables.rates.tenantRow(rdid(1))).isEqualTo(RateLimits.Row.NONE);
        assertThat(tables.epochs.of(rdid(1))).as("no session is touched").isEqualTo(before);
        put(nic(NIC, weight(0), "192.168.1.7"));
        assertThat(row(1, "192.168.1.7").weight()).as("the least there is").isEqualTo(1);
        assertThat(row(1, "fd00:1::7")).isEqualTo(NicRates.Row.NONE);
    }

    @Test
    void aMaximumIsOneLimitForAllAddressesOfANic() throws PolicyRejectedException {
        start();
        int before = tables.epochs.of(rdid(1));
        put(nic(NIC, mbps(2, 5), "192.168.1.7", "fd00:1::7"));
        int index = row(1, "192.168.1.7").nic();
        assertThat(row(1, "fd00:1::7")).isEqualTo(new NicRates.Row(10, 2_000, index, NIC.hashCode()));
        RateLimits.Row limit = new RateLimits.Row(5_000, 5_000, 0, 0, true, false);
        assertThat(tables.rates.ofNic(index)).isNotZero();
        assertThat(tables.rates.nicRow(index)).isEqualTo(limit);
        assertThat(tables.rates.tenantRow(rdid(1)).nics()).isTrue();
        assertThat(tables.epochs.of(rdid(1))).as("sessions must learn of it").isNotEqualTo(before);
        put(nic(NIC, mbps(2, 6), "192.168.1.7"));
        assertThat(row(1, "192.168.1.7").nic()).isEqualTo(index);
        assertThat(tables.rates.nicRow(index).inboundKbps()).isEqualTo(6_000);
        remove(nic(NIC, weight(1)));
        assertThat(tables.rates.nicRow(index)).isEqualTo(RateLimits.Row.NONE);
        assertThat(tables.rates.tenantRow(rdid(1))).isEqualTo(RateLimits.Row.NONE);
        assertThat(row(1, "192.168.1.7")).isEqualTo(NicRates.Row.NONE);
    }

    @Test
    void anAddressGoesFromOneNicToAnotherInAnyOrder() throws PolicyRejectedException {
        start();
        UUID other = new UUID(7, 2);
        put(nic(NIC, weight(20), "192.168.1.7"));
        put(nic(other, weight(40), "192.168.1.7"));
        remove(nic(NIC, weight(20)));
        assertThat(row(1, "192.168.1.7").weight()).isEqualTo(40);
        remove(nic(other, weight(40)));
        assertThat(row(1, "192.168.1.7")).isEqualTo(NicRates.Row.NONE);
    }
}
