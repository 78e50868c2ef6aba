package net.nvgate.gateway.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.AclProtocol;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.PortRange;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;
import net.nvgate.gateway.acl.NaiveAcl.Flow;
import net.nvgate.gateway.acl.NaiveAcl.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled lists decide as what they mean. */
class AclCompilerTest {

    private static final int FLOWS = 3_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void compiledListsDecideAsTheyRead(long seed) {
        Random random = new Random(seed);
        int rulesMax = List.of(0, 3, 10, 63, 64, 65, 130, 300).get((int) seed - 1);
        NaiveAcl naive = random(random, rulesMax);
        TenantAcl compiled = compile(naive);
        for (int i = 0; i < FLOWS; i++) {
            Flow flow = flow(random);
            assertSame(naive, compiled, flow, seed);
        }
    }

    @Test
    void noRuleOfIpv6IsAboutIpv4() {
        PortAclRule every6 = rule(1, AclAction.DENY, List.of(IpPrefix.parse("::/0")));
        PortAclRule every4 = rule(2, AclAction.REJECT, List.of(IpPrefix.parse("0.0.0.0/0")));
        NaiveAcl naive = new NaiveAcl(List.of(list("a", false, List.of(every6, every4))), Map.of(), Map.of());
        TenantAcl compiled = compile(naive);
        assertThat(decide(compiled, flow("10.0.0.1", "192.0.2.1"))).isEqualTo(AclAction.REJECT);
        assertThat(decide(compiled, flow("10.0.0.1", "0.0.0.0"))).isEqualTo(AclAction.REJECT);
        assertThat(decide(compiled, flow("10.0.0.1", "255.255.255.255"))).isEqualTo(AclAction.REJECT);
        assertThat(decide(compiled, flow("fd00::1", "::"))).isEqualTo(AclAction.DENY);
        assertThat(decide(compiled, flow("fd00::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")))
                .isEqualTo(AclAction.DENY);
    }

    /** What counts is what is counted, and by whom: the deciding rule of each list that had a say. */
    @Test
    void eachListThatHadASayCountsTheRuleItDecidedBy() {
        PortAcl provider = list("z", true, List.of(rule(5, AclAction.ALLOW, List.of())));
        PortAcl tenant = list("a", false, List.of(rule(7, AclAction.DENY, List.of(IpPrefix.parse("192.0.2.0/24")))));
        Map<String, Integer> slots = new HashMap<>();
        TenantAcl compiled = new AclCompiler(
                        _ -> List.of(),
                        _ -> List.of(),
                        (list, direction, priority) ->
                                slots.computeIfAbsent(list + "/" + direction + "/" + priority, _ -> slots.size() + 1))
                .compile(List.of(tenant, provider));
        AclHits hits = new AclHits(64);
        AclPacket denied = flow("10.0.0.1", "192.0.2.9").packet();
        assertThat(compiled.decide(false, denied, hits)).isEqualTo(AclAction.DENY);
        assertThat(compiled.name(AclDirection.OUTBOUND, denied.decidingList(), denied.decidingRule()))
                .hasToString("rule 7 of port ACL 'a'");
        assertThat(compiled.explain(false, denied))
                .extracting(AclRuleName::toString)
                .containsExactly("rule 5 of the provider's port ACL 'z'", "rule 7 of port ACL 'a'");
        AclPacket allowed = flow("10.0.0.1", "198.51.100.9").packet();
        assertThat(compiled.decide(false, allowed, hits)).isEqualTo(AclAction.ALLOW);
        assertThat(compiled.explain(false, allowed).getLast())
                .hasToString("the default outbound action of port ACL 'a'");
        assertThat(hits.get(java.util.Objects.requireNonNull(slots.get(provider.id() + "/OUTBOUND/5"))))
                .isEqualTo(2);
        assertThat(hits.get(java.util.Objects.requireNonNull(slots.get(tenant.id() + "/OUTBOUND/7"))))
                .isEqualTo(1);
        assertThat(hits.get(java.util.Objects.requireNonNull(slots.get(tenant.id() + "/OUTBOUND/0"))))
                .isEqualTo(1);
    }

    /** A thousand rules with a prefix and a port each: what README and docs say of memory holds. */
    @Test
    void aThousandRulesTakeLessThanAMegabyte() {
        List<PortAclRule> rules = IntStream.rangeClosed(1, 1000)
                .mapToObj(i -> new PortAclRule(
                        i,
                        "",
                        AclDirection.INBOUND,
                        AclAction.ALLOW,
                        AclProtocol.TCP,
                        List.of(IpPrefix.parse("10.1." + i / 256 + "." + i % 256 + "/32")),
                        List.of(),
                        List.of(),
                        List.of(new PortRange(i, i)),
                        List.of(IpPrefix.parse("192.0." + i / 256 + "." + i % 256 + "/32")),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        false))
                .toList();
        TenantAcl compiled = compile(new NaiveAcl(List.of(list("a", false, rules)), Map.of(), Map.of()));
        assertThat(compiled.rules()).isEqualTo(1000);
        assertThat(compiled.bytes()).isLessThan(1 << 20);
    }

    private static void assertSame(NaiveAcl naive, TenantAcl compiled, Flow flow, long seed) {
        Verdict wanted = naive.decide(flow);
        AclPacket packet = flow.packet();
        boolean inbound = flow.direction() == AclDirection.INBOUND;
        AclAction action = compiled.decide(inbound, packet, new AclHits(1));
        Verdict given = packet.decidingList() < 0
                ? new Verdict(action, Optional.empty(), 0)
                : verdict(compiled.name(flow.direction(), packet.decidingList(), packet.decidingRule()), action);
        assertThat(given).as("seed %d, %s", seed, flow).isEqualTo(wanted);
        List<AclRuleName> explained = compiled.explain(inbound, packet);
        assertThat(
                        explained.isEmpty()
                                ? new Verdict(AclAction.ALLOW, Optional.empty(), 0)
                                : verdict(
                                        explained.getLast(), explained.getLast().action()))
                .as("seed %d, %s", seed, flow)
                .isEqualTo(wanted);
    }

    private static Verdict verdict(AclRuleName name, AclAction action) {
        return new Verdict(action, Optional.of(name.listId()), name.priority());
    }

    private static TenantAcl compile(NaiveAcl naive) {
        return new AclCompiler(
                        id -> naive.sets().getOrDefault(id, List.of()),
                        label -> naive.labels().getOrDefault(label, List.of()),
                        AclSlots.NONE)
                .compile(naive.lists());
    }

    private static AclAction decide(TenantAcl compiled, Flow flow) {
        return compiled.decide(flow.direction() == AclDirection.INBOUND, flow.packet(), new AclHits(1));
    }

    private static Flow flow(String local, String remote) {
        return new Flow(AclDirection.OUTBOUND, IpAddress.parse(local), 1000, IpAddress.parse(remote), 80, 6);
    }

    static PortAclRule rule(int priority, AclAction action, List<IpPrefix> remote) {
        return new PortAclRule(
                priority,
                "",
                AclDirection.OUTBOUND,
                action,
                AclProtocol.ANY,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                remote,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    static PortAcl list(String name, boolean provider, List<PortAclRule> rules) {
        return new PortAcl(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                new UUID(0, 1),
                name,
                provider,
                List.of(),
                List.of(),
                AclAction.ALLOW,
                AclAction.ALLOW,
                rules);
    }

    // Random lists over few addresses, so that rules meet.

    private static NaiveAcl random(Random random, int rulesMax) {
        Map<UUID, List<IpPrefix>> sets = new HashMap<>();
        Map<String, List<IpPrefix>> labels = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            sets.put(new UUID(1, i), some(random, 6, _ -> prefix(random)));
            labels.put("l=" + i, some(random, 6, _ -> prefix(random)));
        }
        List<PortAcl> lists = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            List<PortAclRule> rules = new ArrayList<>();
            for (int priority = 1; priority <= rulesMax; priority++) {
                rules.add(rule(random, priority));
            }
            boolean all = random.nextBoolean();
            lists.add(new PortAcl(
                    new UUID(2, i),
                    new UUID(0, 1),
                    "list" + random.nextInt(3),
                    random.nextBoolean(),
                    all ? List.of() : some(random, 3, _ -> prefix(random)),
                    all ? List.of() : List.of("l=" + random.nextInt(5)),
                    action(random),
                    action(random),
                    rules));
        }
        return new NaiveAcl(lists, sets, labels);
    }

    private static PortAclRule rule(Random random, int priority) {
        AclProtocol protocol = List.of(
                        AclProtocol.ANY,
                        AclProtocol.TCP,
                        AclProtocol.UDP,
                        AclProtocol.ICMP,
                        AclProtocol.ICMPV6,
                        new AclProtocol(47))
                .get(random.nextInt(6));
        boolean typed = protocol.isIcmp() && random.nextBoolean();
        return new PortAclRule(
                priority,
                "",
                random.nextBoolean() ? AclDirection.INBOUND : AclDirection.OUTBOUND,
                action(random),
                protocol,
                some(random, 2, _ -> prefix(random)),
                some(random, 1, _ -> new UUID(1, random.nextInt(5))),
                some(random, 1, _ -> "l=" + random.nextInt(5)),
                protocol.hasPorts() ? some(random, 2, _ -> ports(random)) : List.of(),
                some(random, 2, _ -> prefix(random)),
                some(random, 1, _ -> new UUID(1, random.nextInt(5))),
                some(random, 1, _ -> "l=" + random.nextInt(5)),
                protocol.hasPorts() ? some(random, 2, _ -> ports(random)) : List.of(),
                typed ? Optional.of(random.nextInt(3)) : Optional.empty(),
                typed && random.nextBoolean() ? Optional.of(random.nextInt(3)) : Optional.empty(),
                random.nextBoolean());
    }

    private static <T> List<T> some(Random random, int most, IntFunction<T> make) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(make)
                .distinct()
                .toList();
    }

    private static AclAction action(Random random) {
        return random.nextInt(3) > 0 ? AclAction.ALLOW : random.nextBoolean() ? AclAction.DENY : AclAction.REJECT;
    }

    private static PortRange ports(Random random) {
        int first = random.nextInt(6);
        return random.nextInt(4) == 0
                ? new PortRange(65_535 - first, 65_535)
                : new PortRange(first, first + random.nextInt(3));
    }

    private static IpPrefix prefix(Random random) {
        IpAddress address = address(random);
        int shortest = random.nextInt(4) == 0 ? 0 : address.bits() - 4;
        return IpPrefix.of(address, shortest + random.nextInt(address.bits() - shortest + 1));
    }

    private static IpAddress address(Random random) {
        int value = random.nextInt(16) == 0 ? -1 : 0x0a000000 + random.nextInt(16);
        return random.nextBoolean()
                ? new Ipv4Address(value)
                : new Ipv6Address(random.nextInt(8) == 0 ? -1 : 0xfd00L << 48, random.nextInt(8) == 0 ? -1 : value);
    }

    private static Flow flow(Random random) {
        IpAddress local = address(random);
        IpAddress remote = address(random);
        int protocol = List.of(6, 17, 1, 58, 47, 0).get(random.nextInt(6));
        boolean icmp = protocol == 1 || protocol == 58;
        int port = random.nextInt(5) == 0 ? 65_530 + random.nextInt(6) : random.nextInt(9);
        return new Flow(
                random.nextBoolean() ? AclDirection.INBOUND : AclDirection.OUTBOUND,
                local,
                icmp ? 0 : port,
                remote,
                icmp ? random.nextInt(4) << 8 | random.nextInt(4) : random.nextInt(9),
                protocol);
    }
}
