package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyCodecTest {

    static Stream<PolicyObject> everyKind() {
        return Samples.everyKind().stream();
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void everyObjectComesBackEqual(PolicyObject object) throws Exception {
        byte[] bytes = PolicyCodec.encode(object).toByteArray();
        assertThat(PolicyCodec.decode(net.nvgate.fabric.sync.v1.PolicyObject.parseFrom(bytes)))
                .isEqualTo(object);
    }

    @Test
    void samplesCoverEveryKind() {
        assertThat(Samples.everyKind().stream().map(Object::getClass).distinct())
                .hasSize(PolicyObject.class.getPermittedSubclasses().length);
    }

    @Test
    void changesComeBackEqual() {
        PolicyChange put = new PolicyChange.Put(Samples.record(1));
        PolicyChange remove = new PolicyChange.Remove("lookup/6000/10.0.0.1");
        assertThat(PolicyCodec.decode(PolicyCodec.encode(put))).isEqualTo(put);
        assertThat(PolicyCodec.decode(PolicyCodec.encode(remove))).isEqualTo(remove);
    }

    static Stream<Arguments> badInput() {
        return Stream.of(
                bad("lookup-record.rdid", b -> b.getLookupRecordBuilder().setRdid(bytes(15))),
                bad("vsid.value", b -> b.getLookupRecordBuilder().setVsid(0xfff)),
                bad("vsid.value", b -> b.getLookupRecordBuilder().setVsid(0xffffff)),
                bad("vsid.value", b -> b.getLookupRecordBuilder().setVsid(-1)),
                bad(
                        "lookup-record.customerAddress",
                        b -> b.getLookupRecordBuilder().setCustomerAddress(bytes(5))),
                bad(
                        "lookup-record.customerAddress",
                        b -> b.getLookupRecordBuilder().clearCustomerAddress()),
                bad(
                        "lookup-record.providerAddress",
                        b -> b.getLookupRecordBuilder().setProviderAddress(bytes(0))),
                bad("lookup-record.mac", b -> b.getLookupRecordBuilder().setMac(1L << 48)),
                bad("lookup-record.type", b -> b.getLookupRecordBuilder().clearType()),
                bad("lookup-record.type", b -> b.getLookupRecordBuilder().setTypeValue(99)),
                bad("lookup-record.vmName", b -> b.getLookupRecordBuilder().setVmName("x".repeat(257))),
                bad(
                        "prefix.length",
                        b -> b.getCustomerRouteBuilder()
                                .getDestinationPrefixBuilder()
                                .setLength(33)),
                bad(
                        "prefix.address",
                        b -> b.getCustomerRouteBuilder()
                                .getDestinationPrefixBuilder()
                                .setLength(1)),
                bad("customer-route.metric", b -> b.getCustomerRouteBuilder().setMetric(-1)),
                bad(
                        "provider-address.prefixLength",
                        b -> b.getProviderAddressBuilder().setPrefixLength(33)),
                bad(
                        "provider-address.vlanId",
                        b -> b.getProviderAddressBuilder().setVlanId(4095)),
                bad("nat-connection.portMax", b -> b.getNatConnectionBuilder().setPortMax(1023)),
                bad("nat-rule.protocol", b -> b.getNatRuleBuilder().setProtocol(1)),
                bad("nat-rule.externalPort", b -> b.getNatRuleBuilder().setExternalPort(0)),
                bad(
                        "nat-settings.portBlockSize",
                        b -> b.getNatConnectionBuilder().getSettingsBuilder().setPortBlockSize(65)),
                bad(
                        "nat-settings.filtering",
                        b -> b.getNatConnectionBuilder().getSettingsBuilder().setFilteringValue(9)),
                bad(
                        "nat-settings.algs",
                        b -> b.getNatConnectionBuilder()
                                .getSettingsBuilder()
                                .getAlgsBuilder()
                                .addOnValue(9)),
                bad(
                        "timeouts.udpSeconds",
                        b -> b.getNatConnectionBuilder()
                                .getSettingsBuilder()
                                .getTimeoutsBuilder()
                                .setUdp(86_401)),
                bad("nat-rule.portCount", b -> b.getNatRuleBuilder().setPortCount(65536)),
                bad("tenant-settings.dscp", b -> b.getTenantSettingsBuilder().setDscp(64)),
                bad(
                        "quota.ports",
                        b -> b.getTenantSettingsBuilder().getQuotaBuilder().setPorts(-1)),
                bad(
                        "tenant-interface.vlanId",
                        b -> b.getTenantInterfaceBuilder().setVlanId(0)),
                bad("tenant-interface.side", b -> b.getTenantInterfaceBuilder().clearSide()),
                bad("dhcp-subnet.leaseSeconds", b -> b.getDhcpSubnetBuilder().setLeaseSeconds(0)),
                bad("nat-rule.internalPort", b -> b.getNatRuleBuilder().setInternalPort(65536)),
                bad("virtual-port.mtu", b -> b.getVirtualPortBuilder().setMtu(0)),
                bad("virtual-port.addresses", b -> {
                    for (int i = 0; i < 65; i++) {
                        b.getVirtualPortBuilder().addAddresses(bytes(4));
                    }
                }),
                bad(
                        "port-profile.bandwidth.minimumWeight",
                        b -> b.getNicBandwidthBuilder().getBandwidthBuilder().setMinimumWeight(102)),
                bad("policy-object.object", net.nvgate.fabric.sync.v1.PolicyObject.Builder::clearObject));
    }

    private static Arguments bad(String field, Consumer<net.nvgate.fabric.sync.v1.PolicyObject.Builder> damage) {
        return Arguments.of(field, damage);
    }

    private static ByteString bytes(int length) {
        return ByteString.copyFrom(new byte[length]);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInput")
    void badInputIsRefusedByName(String field, Consumer<net.nvgate.fabric.sync.v1.PolicyObject.Builder> damage) {
        // The damaged field tells which sample it belongs to: exactly one kind is changed by it.
        for (PolicyObject sample : Samples.everyKind()) {
            var builder = PolicyCodec.encode(sample).toBuilder();
            var before = builder.getObjectCase();
            damage.accept(builder);
            if (builder.getObjectCase() == before || field.startsWith("policy-object")) {
                assertThatThrownBy(() -> PolicyCodec.decode(builder.build()))
                        .isInstanceOf(ModelException.class)
                        .hasMessageStartingWith(field + " must ");
                return;
            }
        }
        throw new AssertionError("no sample for " + field);
    }

    @Test
    void changeWithoutContentIsRefused() {
        var none = net.nvgate.fabric.sync.v1.PolicyChange.getDefaultInstance();
        assertThatThrownBy(() -> PolicyCodec.decode(none)).hasMessageContaining("policy-change.change");
        var empty = none.toBuilder().setRemove("").build();
        assertThatThrownBy(() -> PolicyCodec.decode(empty)).hasMessageContaining("policy-change.remove");
    }

    @Test
    void natOfAnOlderManagerHasTheDefaults() {
        PolicyObject.NatConnection connection =
                new PolicyObject.NatConnection(Samples.RDID, Samples.RDID, IpAddress.parse("192.0.2.1"), 1024, 65535);
        PolicyObject.NatRule rule = new PolicyObject.NatRule(
                Samples.RDID, Samples.RDID, PolicyObject.NatRule.Protocol.TCP, 80, IpAddress.parse("10.0.0.1"), 8080);
        var oldConnection = PolicyCodec.encode(connection).toBuilder();
        oldConnection.getNatConnectionBuilder().clearSettings();
        var oldRule = PolicyCodec.encode(rule).toBuilder();
        oldRule.getNatRuleBuilder().clearPortCount();
        assertThat(PolicyCodec.decode(oldConnection.build())).isEqualTo(connection);
        assertThat(PolicyCodec.decode(oldRule.build())).isEqualTo(rule);
    }

    @Test
    void anOlderNodeSaysThatItIs() {
        var newer = net.nvgate.fabric.sync.v1.PolicyObject.getDefaultInstance();
        assertThatThrownBy(() -> PolicyCodec.decode(newer)).hasMessageContaining("this node is older than its manager");
    }

    @Test
    void oneDecoderSharesWhatRecordsHaveInCommon() {
        PolicyDecoder decoder = new PolicyDecoder();
        var first = (PolicyObject.LookupRecord) decoder.decode(PolicyCodec.encode(Samples.record(1)));
        var second = (PolicyObject.LookupRecord) decoder.decode(PolicyCodec.encode(Samples.record(2)));
        assertThat(second.rdid()).isSameAs(first.rdid());
        assertThat(second.vsid()).isSameAs(first.vsid());
        assertThat(second.providerAddress()).isSameAs(first.providerAddress());
    }
}
