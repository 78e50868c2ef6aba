package net.nvgate.fabric.netwnv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import org.junit.jupiter.api.Test;

class NetWnvJsonTest {

    private static final NetWnvHost HOST = new NetWnvHost(
            "HV1",
            List.of(
                    new NetWnvLookupRecord(
                            IpAddress.parse("10.0.0.5"),
                            6000,
                            MacAddress.parse("101010101105"),
                            IpAddress.parse("192.168.1.101"),
                            NetWnvLookupRecord.Rule.TRANSLATION_METHOD_NAT,
                            NetWnvLookupRecord.Type.DYNAMIC,
                            "{0a000000-0000-0000-0000-000000000001}",
                            "blue, \"the first\"",
                            "BlueS1-VM1",
                            true,
                            true,
                            true),
                    NetWnvLookupRecord.of(
                            IpAddress.parse("::"),
                            5000,
                            MacAddress.parse("1010101010aa"),
                            IpAddress.parse("2001:db8::1"),
                            NetWnvLookupRecord.Type.GATEWAY_WILDCARD,
                            "")),
            List.of(new NetWnvCustomerRoute(
                    UUID.fromString("11111111-2222-3333-4444-00000000000a"),
                    6000,
                    IpPrefix.parse("10.0.0.0/24"),
                    IpAddress.parse("0.0.0.0"),
                    4_294_967_295L)),
            List.of(NetWnvProviderAddress.of(IpAddress.parse("192.168.1.101"), 24, 7)),
            List.of(new NetWnvProviderRoute(12, IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("192.168.1.1"), 256)),
            Optional.of(new NetWnvGlobal(true)));

    @Test
    void aHostIsReadAsItWasWritten() {
        assertThat(NetWnvJson.read(NetWnvJson.write(HOST))).isEqualTo(HOST);
    }

    @Test
    void propertiesAndValuesAreThoseOfTheCmdlets() {
        assertThat(NetWnvJson.tree(HOST).at("/LookupRecords/0").toString())
                .isEqualTo("{\"CustomerAddress\":\"10.0.0.5\",\"VirtualSubnetID\":6000,\"MACAddress\":\"101010101105\","
                        + "\"ProviderAddress\":\"192.168.1.101\",\"CustomerID\":\"{0a000000-0000-0000-0000-000000000001}\","
                        + "\"Context\":\"blue, \\\"the first\\\"\",\"Rule\":\"TranslationMethodNat\",\"VMName\":\"BlueS1-VM1\","
                        + "\"UseVmMACAddress\":true,\"Type\":\"Dynamic\",\"Unusable\":true,\"Unsynchronized\":true}");
        assertThat(NetWnvJson.tree(HOST).at("/CustomerRoutes/0/RoutingDomainID").asString())
                .isEqualTo("{11111111-2222-3333-4444-00000000000A}");
    }

    @Test
    void aGlobalThatIsLeftOutIsNotKnown() {
        assertThat(NetWnvJson.read("{\"Name\": \"HV2\"}"))
                .isEqualTo(new NetWnvHost("HV2", List.of(), List.of(), List.of(), List.of(), Optional.empty()));
    }

    @Test
    void aListOfAnotherNameIsNoEmptyList() {
        assertThatThrownBy(() -> NetWnvJson.read("{\"Name\": \"HV2\", \"Global\": {}, \"LookupRecord\": []}"))
                .isInstanceOf(NetWnvException.class)
                .hasMessageContaining("has 'LookupRecord', and a host's lists are LookupRecords, CustomerRoutes");
    }

    @Test
    void anErrorNamesRecordAndField() {
        assertThatThrownBy(() ->
                        NetWnvJson.read("{\"Name\": \"HV2\", \"CustomerRoutes\": [{\"RoutingDomainID\": \"7\"}]}"))
                .isInstanceOf(NetWnvException.class)
                .hasMessage("host, CustomerRoutes[0]: RoutingDomainID '7' is not readable: no GUID: 7");
    }
}
