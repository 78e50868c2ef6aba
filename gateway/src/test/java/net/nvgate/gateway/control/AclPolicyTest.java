package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.policy.PolicyObject.AclAddresses;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.acl.AclHits;
import net.nvgate.gateway.acl.AclPacket;
import net.nvgate.gateway.acl.TenantAcl;
import org.junit.jupiter.api.Test;

/** Port ACLs of policy become what workers ask. */
class AclPolicyTest extends TwoTenantsPolicy {

    private static final UUID SET = new UUID(1, 1);
    private static final UUID VM = new UUID(1, 2);

    private static PortAclRule rule(String json) {
        return FabricJson.read(json.replace('\'', '"'), PortAclRule.class);
    }

    private UUID rdidOf(int tenant) {
        return policy.tenant(rdid(tenant)).orElseThrow().rdid();
    }

    private PortAcl acl(int tenant, List<String> labels, PortAclRule... rules) {
        return new PortAcl(
                new UUID(2, tenant),
                rdidOf(tenant),
                "acl" + tenant,
                false,
                List.of(),
                labels,
                AclAction.ALLOW,
                AclAction.ALLOW,
                List.of(rules));
    }

    private AclAddresses addresses(UUID id, List<String> labels, String... prefixes) {
        return new AclAddresses(
                id,
                rdidOf(1),
                labels,
                List.of(prefixes).stream().map(IpPrefix::parse).toList());
    }

    private AclAction outbound(int local, int remote) {
        TenantAcl acl = Objects.requireNonNull(tables.acls.of(rdid(1)));
        AclPacket packet = new AclPacket()
                .local(0, AclPacket.mapped(local), 1)
                .remote(0, AclPacket.mapped(remote), 2)
                .protocol(17);
        return acl.decide(false, packet, new AclHits(0));
    }

    @Test
    void setsAndLabelsMeanWhatTheyMeanNow() throws PolicyRejectedException {
        start();
        int vm = PolicySamples.v4("192.168.1.3");
        int server = PolicySamples.v4("198.51.100.7");
        PortAclRule rule = rule("{'priority':1,'direction':'OUTBOUND','action':'DENY','localLabels':['tier=web'],"
                + "'remoteAddressSetIds':['" + SET + "']}");
        put(acl(1, List.of(), rule));
        assertThat(outbound(vm, server)).as("nobody has the label").isEqualTo(AclAction.ALLOW);
        int epoch = tables.epochs.of(rdid(1));
        put(
                addresses(SET, List.of(), "198.51.100.0/24"),
                addresses(VM, List.of("os=linux", "tier=web"), "192.168.1.3/32"));
        assertThat(outbound(vm, server)).isEqualTo(AclAction.DENY);
        assertThat(outbound(vm + 1, server)).isEqualTo(AclAction.ALLOW);
        assertThat(tables.epochs.of(rdid(1)))
                .as("sessions are asked about again")
                .isNotEqualTo(epoch);
        int other = tables.epochs.of(rdid(2));
        put(addresses(VM, List.of("os=linux"), "192.168.1.3/32"));
        assertThat(outbound(vm, server)).isEqualTo(AclAction.ALLOW);
        assertThat(tables.epochs.of(rdid(2))).isEqualTo(other);
        epoch = tables.epochs.of(rdid(1));
        put(addresses(VM, List.of("os=bsd"), "192.168.1.3/32"));
        assertThat(tables.epochs.of(rdid(1))).as("no list names the label").isEqualTo(epoch);
        remove(acl(1, List.of()));
        assertThat(tables.acls.of(rdid(1))).isNull();
        assertThat(policy.aclRows()).isEmpty();
    }

    @Test
    void aListForLabelsIsForNobodyElse() throws PolicyRejectedException {
        start();
        int vm = PolicySamples.v4("192.168.1.3");
        PortAclRule rule = rule("{'priority':1,'direction':'OUTBOUND','action':'REJECT'}");
        put(acl(1, List.of("tier=web"), rule));
        assertThat(outbound(vm, 1)).isEqualTo(AclAction.ALLOW);
        put(addresses(VM, List.of("tier=web"), "192.168.1.3/32"));
        assertThat(outbound(vm, 1)).isEqualTo(AclAction.REJECT);
        assertThat(outbound(vm + 1, 1)).isEqualTo(AclAction.ALLOW);
    }

    @Test
    void aRuleKeepsItsCounterWhenOthersComeAndGo() throws PolicyRejectedException {
        start();
        PortAclRule first = rule("{'priority':10,'direction':'OUTBOUND','action':'REJECT','name':'mail'}");
        PortAclRule before = rule("{'priority':5,'direction':'OUTBOUND','action':'DENY'}");
        put(acl(1, List.of(), first));
        int slot = slot(10);
        put(acl(1, List.of(), before, first));
        assertThat(slot(10)).isEqualTo(slot);
        assertThat(slot(5)).isNotEqualTo(slot);
        assertThat(policy.aclRows())
                .as("rules, and both defaults")
                .hasSize(4)
                .allMatch(row -> row.vmNetwork()
                        .equals(policy.tenant(rdid(1)).orElseThrow().vmNetwork()));
        assertThat(policy.aclRows(policy.tenant(rdid(1)).orElseThrow().rdid())).hasSize(4);
        assertThat(policy.aclRows(policy.tenant(rdid(2)).orElseThrow().rdid())).isEmpty();
    }

    private int slot(int priority) {
        return policy.aclRows().stream()
                .filter(row -> row.name().priority() == priority)
                .findFirst()
                .orElseThrow()
                .slot();
    }

    /** A VM network whose labels mean too much is closed, and nobody else's policy is in the way. */
    @Test
    void listsTooLargeForTheGatewayDenyWhomTheyAreFor() throws PolicyRejectedException {
        start();
        int vm = PolicySamples.v4("192.168.1.3");
        PortAclRule[] rules = IntStream.rangeClosed(1, 1024)
                .mapToObj(i -> rule(
                        "{'priority':" + i + ",'direction':'INBOUND','action':'ALLOW','localLabels':['tier=web']}"))
                .toArray(PortAclRule[]::new);
        put(addresses(VM, List.of("tier=web"), "192.168.1.3/32"), acl(1, List.of("tier=web"), rules));
        assertThat(outbound(vm, 1)).isEqualTo(AclAction.ALLOW);
        String[] many = IntStream.range(0, 1024)
                .mapToObj(i -> "10.9." + (i >> 8) + "." + (i & 0xff) + "/32")
                .toArray(String[]::new);
        put(addresses(SET, List.of("tier=web"), many));
        assertThat(outbound(vm, 1)).isEqualTo(AclAction.DENY);
        assertThat(outbound(vm + 1, 1)).isEqualTo(AclAction.ALLOW);
        put(acl(1, List.of("tier=web")));
        assertThat(outbound(vm, 1)).isEqualTo(AclAction.ALLOW);
    }

    @Test
    void largeListsShareABudgetAndSmallOnesAlwaysFit() {
        AclBudget budget = new AclBudget(10 << 20);
        assertThat(budget.fits(0, 8 << 20)).isTrue();
        budget.replace(0, 8 << 20);
        assertThat(budget.fits(0, 3 << 20)).isFalse();
        assertThat(budget.fits(8 << 20, 9 << 20)).isTrue();
        budget.replace(0, 2 << 20);
        assertThat(budget.fits(0, AclBudget.SMALL_BYTES)).isTrue();
        budget.replace(8 << 20, 0);
        assertThat(budget.fits(0, 3 << 20)).isTrue();
    }

    @Test
    void oneTenantDoesNotTakeAllCounters() {
        AclSlotBook book = new AclSlotBook();
        book.begin();
        for (int i = 0; i < AclSlotBook.TENANT_MAX; i++) {
            assertThat(book.slot(SET, AclDirection.INBOUND, i)).isPositive();
        }
        assertThat(book.slot(VM, AclDirection.INBOUND, 1)).isZero();
        assertThat(book.end(List.of())).hasSize(AclSlotBook.TENANT_MAX);
        book.begin();
        assertThat(book.slot(VM, AclDirection.INBOUND, 1)).isPositive();
    }
}
