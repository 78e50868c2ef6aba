package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.AclProtocol;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.PortRange;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.policy.PolicyObject;
import org.junit.jupiter.api.Test;

/** Whatever the model lets be, followers can read: a list that they refuse would stop policy for everyone. */
class AclCodecTest {

    private static final int MAX = Rules.LIST_LENGTH_MAX;
    private static final UUID ID = new UUID(-1, -1);

    private static <T> List<T> list(int count, IntFunction<T> entry) {
        return IntStream.range(0, count).mapToObj(entry).toList();
    }

    private static IpPrefix prefix(int i) {
        return IpPrefix.of(IpAddress.parse("2001:db8:ffff:ffff:ffff:ffff:ffff:" + Integer.toHexString(i)), 128);
    }

    private static IpPrefix subnet(int i) {
        return IpPrefix.of(IpAddress.parse("2001:db8:0:" + Integer.toHexString(i) + "::"), 64);
    }

    /** Three bytes a character, and a value of 255 of them. */
    private static String label(int i) {
        return "k".repeat(63) + "=" + "\u20ac".repeat(251) + (1000 + i);
    }

    private static PortAclRule rule(int priority, int entries) {
        return new PortAclRule(
                priority,
                "\u20ac".repeat(Rules.NAME_LENGTH_MAX),
                AclDirection.OUTBOUND,
                AclAction.REJECT,
                new AclProtocol(17),
                list(entries, AclCodecTest::prefix),
                list(entries, i -> new UUID(-1, i)),
                list(entries, AclCodecTest::label),
                list(entries, i -> new PortRange(40_000 + i, 65_535)),
                list(entries, AclCodecTest::prefix),
                list(entries, i -> new UUID(-1, i)),
                list(entries, AclCodecTest::label),
                list(entries, i -> new PortRange(40_000 + i, 65_535)),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    private static PortAcl model(List<PortAclRule> rules) {
        return new PortAcl(
                Meta.of(ID, "\u20ac".repeat(Rules.NAME_LENGTH_MAX), "", Map.of()),
                ID,
                true,
                list(PortAcl.VM_SUBNETS_MAX, i -> new UUID(0, i)),
                list(MAX, AclCodecTest::label),
                AclAction.REJECT,
                AclAction.REJECT,
                rules);
    }

    /** Every VM subnet has both families. */
    private static PolicyObject.PortAcl policy(PortAcl acl) {
        return new PolicyObject.PortAcl(
                acl.id(),
                ID,
                acl.name(),
                acl.provider(),
                list(2 * acl.vmSubnetIds().size(), AclCodecTest::subnet),
                acl.vmLabels(),
                acl.defaultInboundAction(),
                acl.defaultOutboundAction(),
                acl.rules());
    }

    @Test
    void theLongestListsComeBackAndTakeNoMoreThanTheModelSays() throws Exception {
        for (PortAcl acl : List.of(
                model(List.of(rule(65_535, MAX))),
                model(list(MAX, i -> rule(60_000 + i, 1))),
                model(list(MAX, i -> rule(60_000 + i, 0))))) {
            PolicyObject.PortAcl policy = policy(acl);
            byte[] bytes = PolicyCodec.encode(policy).toByteArray();
            assertThat(PolicyCodec.decode(net.nvgate.fabric.sync.v1.PolicyObject.parseFrom(bytes)))
                    .isEqualTo(policy);
            assertThat((long) bytes.length).isLessThanOrEqualTo(acl.policyBytesMax());
        }
    }

    @Test
    void theLargestSetsAndVmsComeBack() throws Exception {
        int ofVm = MAX * (2 + Vm.Nic.LEARNED_MAX);
        for (PolicyObject addresses : Stream.of(AddressSet.PREFIXES_MAX, ofVm)
                .map(count -> new PolicyObject.AclAddresses(
                        ID, ID, list(32, AclCodecTest::label), list(count, AclCodecTest::prefix)))
                .toList()) {
            byte[] bytes = PolicyCodec.encode(addresses).toByteArray();
            assertThat(PolicyCodec.decode(net.nvgate.fabric.sync.v1.PolicyObject.parseFrom(bytes)))
                    .isEqualTo(addresses);
            assertThat(bytes.length).isLessThan(1 << 20);
        }
    }
}
