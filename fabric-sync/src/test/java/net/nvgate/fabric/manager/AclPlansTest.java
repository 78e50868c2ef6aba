package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of port ACLs and address sets. */
class AclPlansTest extends SqliteFabric {

    private VmNetwork blue;
    private VmSubnet web;

    @BeforeEach
    void make() {
        blue = fabric.vmNetwork("blue");
        web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
    }

    private PortAcl acl(String name, String members) {
        return (PortAcl)
                fabric.make(Kind.PORT_ACL, named(name) + field("vmNetworkId", blue.id()) + members.replace('\'', '"'));
    }

    private AddressSet set(String name, VmNetwork network, String members) {
        return (AddressSet) fabric.make(
                Kind.ADDRESS_SET, named(name) + field("vmNetworkId", network.id()) + members.replace('\'', '"'));
    }

    private static void refused(Code code, String field, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(FabricException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.field().orElse("")).as(e.getMessage()).isEqualTo(field);
        });
    }

    private static String rule(String members) {
        return ",'rules':[{'priority':7,'direction':'INBOUND','action':'ALLOW'" + members + "}]";
    }

    @Test
    void whatIsLeftOutHasItsDefaultAndRulesAreInOrder() {
        PortAcl acl = acl("a", """
                ,'rules':[{'priority':20,'direction':'OUTBOUND','action':'DENY'},
                          {'priority':10,'direction':'INBOUND','action':'REJECT','protocol':'TCP','localPortRanges':['80','8000-8080']}]""");
        assertThat(acl.defaultInboundAction()).isEqualTo(AclAction.ALLOW);
        assertThat(acl.provider()).isFalse();
        assertThat(acl.rules()).extracting(PortAclRule::priority).containsExactly(10, 20);
        assertThat(acl.rules().getFirst().localPortRanges())
                .extracting(Object::toString)
                .containsExactly("80", "8000-8080");
        assertThat(acl.rules().getLast().protocol()).hasToString("ANY");
        PortAcl changed = fabric.patch(acl, "\"rules\":[],\"defaultInboundAction\":\"DENY\"");
        assertThat(changed.rules()).isEmpty();
        assertThat(changed.defaultInboundAction()).isEqualTo(AclAction.DENY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "rules[priority 7].remotePortRanges | ,'remotePortRanges':['80']",
                "rules[priority 7].icmpType         | ,'protocol':'TCP','icmpType':8",
                "rules[priority 7].icmpCode         | ,'protocol':'ICMP','icmpCode':0",
                "rules[priority 7].icmpType         | ,'protocol':'ICMP','icmpType':256",
                "rules[priority 7].localLabels      | ,'localLabels':['web']",
            })
    void badRulesAreRefusedByFieldAndPriority(String field, String members) {
        assertThatThrownBy(() -> acl("a", rule(members)))
                .isInstanceOfSatisfying(
                        ModelException.class,
                        e -> assertThat(e.field()).as(e.getMessage()).isEqualTo(field));
    }

    @Test
    void oneListHasOneRuleOfAPriority() {
        assertThatThrownBy(
                        () -> acl(
                                "a",
                                ",'rules':[{'priority':7,'direction':'INBOUND','action':'ALLOW'},{'priority':7,'direction':'OUTBOUND','action':'DENY'}]"))
                .isInstanceOf(FabricException.class)
                .hasMessageContaining("rules.priority")
                .hasMessageContaining("7");
    }

    @Test
    void allThatAListNamesIsOfItsVmNetworkAndOfItsOwner() {
        VmNetwork red = fabric.vmNetwork("red");
        VmSubnet db = fabric.vmSubnet("db", red, "192.168.2.0/24");
        AddressSet theirs = set("theirs", red, "");
        AddressSet provider = set("provider", blue, ",'provider':true");
        refused(Code.INVALID, "vmSubnetIds", () -> acl("a", ",'vmSubnetIds':['" + db.id() + "']"));
        String named = ",'remoteAddressSetIds':['%s']";
        refused(Code.INVALID, "rules.addressSetIds", () -> acl("a", rule(named.formatted(theirs.id()))));
        refused(Code.INVALID, "rules.addressSetIds", () -> acl("a", rule(named.formatted(provider.id()))));
        PortAcl acl = acl("a", ",'provider':true" + rule(named.formatted(provider.id())));
        assertThat(acl.addressSetIds()).containsExactly(provider.id());
    }

    @Test
    void setsAndSubnetsThatAListNamesStayAndMayBeRenamed() {
        AddressSet set = set("offices", blue, ",'prefixes':['198.51.100.0/24']");
        PortAcl acl =
                acl("a", ",'vmSubnetIds':['" + web.id() + "']" + rule(",'remoteAddressSetIds':['" + set.id() + "']"));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.ADDRESS_SET, set.id()));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.VM_SUBNET, web.id()));
        assertThat(fabric.patch(set, "\"name\":\"branches\",\"prefixes\":[]").prefixes())
                .isEmpty();
        fabric.manager.delete(Kind.PORT_ACL, acl.id());
        fabric.manager.delete(Kind.ADDRESS_SET, set.id());
    }

    private static String sets(Stream<AddressSet> sets) {
        return sets.map(set -> "'" + set.id() + "'").collect(Collectors.joining(",", "[", "]"));
    }

    private static String prefixes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "'10." + (i >> 8) + "." + (i & 0xff) + ".0/24'")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String rules(int count, String members) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "{'priority':" + i + ",'direction':'INBOUND','action':'ALLOW'" + members + "}")
                .collect(Collectors.joining(",", ",'rules':[", "]"));
    }

    @Test
    void aVmNetworkHasSoManyListsAndSets() {
        for (int i = 0; i < AclLimits.LISTS_MAX; i++) {
            acl("a" + i, "");
        }
        refused(Code.QUOTA, "", () -> acl("more", ""));
        AddressSet last = set("s", blue, "");
        for (int i = 1; i < AclLimits.SETS_MAX; i++) {
            set("s" + i, blue, "");
        }
        refused(Code.QUOTA, "", () -> set("more", blue, ""));
        VmNetwork red = fabric.vmNetwork("red");
        set("theirs", red, "");
        fabric.manager.delete(Kind.ADDRESS_SET, last.id());
        set("again", blue, "");
    }

    @Test
    void rulesAndTheAddressesTheyNameAreLimitedTogether() {
        AddressSet full = set("full", blue, ",'prefixes':" + prefixes(1022));
        String named = ",'remoteAddressSetIds':" + sets(Stream.of(full));
        PortAcl acl = acl("a", rules(32, named));
        acl("b", rules(32, named));
        refused(Code.QUOTA, "", () -> acl("c", rules(1, "")));
        refused(
                Code.QUOTA,
                "",
                () -> fabric.patch(full, "\"prefixes\":" + prefixes(1023).replace('\'', '"')));
        fabric.patch(acl, rules(31, named).replace('\'', '"').substring(1));
        acl("c", rules(1, ""));
    }

    @Test
    void vmsOfALabelThatRulesNameCount() {
        AddressSet full = set("full", blue, ",'prefixes':" + prefixes(1021));
        Host host = fabric.host("h1");
        acl("a", rules(64, ",'localLabels':['tier=web'],'remoteAddressSetIds':" + sets(Stream.of(full))));
        VmSubnet db = fabric.vmSubnet("db", fabric.vmNetwork("red"), "192.168.1.0/24");
        vm("elsewhere", host, db, "web");
        refused(Code.QUOTA, "", () -> vm("one", host, web, "web"));
        Vm other = vm("other", host, web, "mail");
        refused(Code.QUOTA, "", () -> fabric.patch(other, "\"labels\":{\"tier\":\"web\"}"));
        fabric.patch(full, "\"prefixes\":[]");
        fabric.patch(other, "\"labels\":{\"tier\":\"web\"}");
    }

    private Vm vm(String name, Host host, VmSubnet subnet, String tier) {
        return (Vm) fabric.make(
                Kind.VM,
                named(name)
                        + field("hostId", host.id())
                        + ",\"labels\":{\"tier\":\"%s\"},\"nics\":[{\"vmSubnetId\":\"%s\"}]"
                                .formatted(tier, subnet.id()));
    }

    @Test
    void oneListFitsTheSyncStream() {
        String label = "'" + "k".repeat(63) + "=" + "v".repeat(250) + "%d'";
        String labels = IntStream.range(0, 4)
                .mapToObj(label::formatted)
                .collect(Collectors.joining(",", ",'localLabels':[", "]"));
        refused(Code.QUOTA, "", () -> acl("a", rules(1000, labels)));
        acl("a", rules(100, labels));
    }

    @Test
    void aListNamesSoManyVmSubnets() {
        String ids = Stream.generate(UUID::randomUUID)
                .limit(PortAcl.VM_SUBNETS_MAX + 1)
                .map(id -> "'" + id + "'")
                .collect(Collectors.joining(","));
        assertThatThrownBy(() -> acl("a", ",'vmSubnetIds':[" + ids + "]"))
                .hasMessageContaining("must have at most 512");
    }

    @Test
    void onlyVmNetworksThatGatewaysServeHaveLists() {
        LogicalNetwork vlans =
                (LogicalNetwork) fabric.make(Kind.LOGICAL_NETWORK, named("vlans") + ",\"mode\":\"ONE_CONNECTED\"");
        VmNetwork direct = (VmNetwork) fabric.make(
                Kind.VM_NETWORK,
                named("direct") + field("logicalNetworkId", vlans.id()) + field("isolationType", "NO_ISOLATION"));
        refused(Code.INVALID, "vmNetworkId", () -> set("s", direct, ""));
        refused(
                Code.INVALID,
                "vmNetworkId",
                () -> fabric.make(Kind.PORT_ACL, named("a") + field("vmNetworkId", direct.id())));
    }
}
