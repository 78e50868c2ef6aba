package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalSwitch;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.UplinkPortProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of port profiles, classifications, uplink port profiles and logical switches. */
class PortPlansTest extends SqliteFabric {

    private PortProfile profile;
    private UUID classification;

    @BeforeEach
    void make() {
        profile = (PortProfile) fabric.make(Kind.PORT_PROFILE, named("profile"));
        classification =
                fabric.make(Kind.PORT_CLASSIFICATION, named("classification")).id();
    }

    private static String list(String name, Object value) {
        return ",\"" + name + "\":[\"" + value + "\"]";
    }

    private UplinkPortProfile uplink(String name, UUID site, boolean virtualization) {
        return (UplinkPortProfile) fabric.make(
                Kind.UPLINK_PORT_PROFILE,
                named(name) + list("networkSiteIds", site) + ",\"networkVirtualization\":" + virtualization);
    }

    private LogicalSwitch logicalSwitch(String name, UUID uplink, String ports) {
        return (LogicalSwitch) fabric.make(
                Kind.LOGICAL_SWITCH,
                named(name) + list("uplinkPortProfileIds", uplink) + ",\"virtualPorts\":[" + ports + "]");
    }

    private String port() {
        return "{\"portClassificationId\":\"" + classification + "\",\"portProfileId\":\"" + profile.id() + "\"}";
    }

    private UUID paSite() {
        return fabric.paPool.networkSiteId().orElseThrow();
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        assertThat(profile.offload()).isEqualTo(PortProfile.Offload.NONE);
        assertThat(profile.security()).isEqualTo(PortProfile.Security.DEFAULT);
        assertThat(profile.bandwidth()).isEqualTo(PortProfile.Bandwidth.UNLIMITED);
        UplinkPortProfile uplink = uplink("uplink", paSite(), true);
        assertThat(uplink.loadBalancing()).isEqualTo(UplinkPortProfile.LoadBalancing.HOST_DEFAULT);
        assertThat(uplink.teaming()).isEqualTo(UplinkPortProfile.Teaming.SWITCH_INDEPENDENT);
        assertThat(logicalSwitch("switch", uplink.id(), "").extensions()).isEmpty();
    }

    @Test
    void aProfileIsChangedPartByPart() {
        PortProfile fast = fabric.patch(
                profile, "\"security\":{\"routerGuard\":true},\"bandwidth\":{\"minimumWeight\":7,\"maximumMbps\":100}");
        assertThat(fast.security()).isEqualTo(new PortProfile.Security(false, false, true, false, false, false));
        PortProfile faster = fabric.patch(fast, "\"bandwidth\":{\"maximumMbps\":null}");
        assertThat(faster.bandwidth().minimumWeight()).contains(7);
        assertThat(faster.bandwidth().maximumMbps()).isEmpty();
        assertThat(faster.security()).isEqualTo(fast.security());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bandwidth.minimumWeight | 'minimumMbps':10,'minimumWeight':10",
                "bandwidth.minimumWeight | 'minimumWeight':101",
                "bandwidth.maximumMbps   | 'minimumMbps':10,'maximumMbps':9",
                "bandwidth.minimumMbps   | 'minimumMbps':0",
            },
            quoteCharacter = '"')
    void bandwidthFitsTogether(String field, String bandwidth) {
        refused(
                Code.INVALID,
                field,
                () -> fabric.patch(profile, "\"bandwidth\":{" + bandwidth.replace('\'', '"') + "}"));
    }

    @Test
    void anUplinkForNvgreLeadsToAnHnvNetwork() {
        NetworkSite other = fabric.site("plain", fabric.network("plain", false), "10.99.0.0/24");
        refused(Code.INVALID, "networkVirtualization", () -> uplink("u", other.id(), true));
        UplinkPortProfile uplink = uplink("uplink", paSite(), true);
        refused(
                Code.INVALID,
                "networkVirtualization",
                () -> fabric.patch(uplink, "\"networkSiteIds\":[\"" + other.id() + "\"]"));
        UplinkPortProfile both =
                fabric.patch(uplink, "\"networkSiteIds\":[\"" + other.id() + "\",\"" + paSite() + "\"]");
        assertThat(both.networkSiteIds()).containsExactly(other.id(), paSite());
        refused(Code.REFERENCE_NOT_FOUND, "networkSiteIds", () -> uplink("v", UUID.randomUUID(), false));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.NETWORK_SITE, other.id()));
    }

    @Test
    void aSwitchHasAnUplinkAndSaysOnceWhatAClassificationMeans() {
        UplinkPortProfile uplink = uplink("uplink", paSite(), true);
        LogicalSwitch made = logicalSwitch("switch", uplink.id(), port());
        assertThat(made.portProfileId(classification)).isEqualTo(Optional.of(profile.id()));
        refused(
                Code.INVALID,
                "virtualPorts.portClassificationId",
                () -> logicalSwitch("twice", uplink.id(), port() + "," + port()));
        refused(Code.INVALID, "uplinkPortProfileIds", () -> fabric.patch(made, "\"uplinkPortProfileIds\":[]"));
        refused(
                Code.REFERENCE_NOT_FOUND,
                "virtualPorts.portProfileId",
                () -> fabric.patch(
                        made,
                        "\"virtualPorts\":[" + port().replace(profile.id().toString(), classification.toString())
                                + "]"));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.PORT_PROFILE, profile.id()));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.UPLINK_PORT_PROFILE, uplink.id()));
        fabric.manager.delete(Kind.LOGICAL_SWITCH, made.id());
        fabric.manager.delete(Kind.PORT_PROFILE, profile.id());
    }

    @Test
    void namesAreUnique() {
        refused(
                Code.CONFLICT,
                "name",
                () -> fabric.make(Kind.PORT_CLASSIFICATION, named("classification") + field("description", "again")));
    }
}
