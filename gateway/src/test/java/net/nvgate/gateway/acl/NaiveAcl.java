package net.nvgate.gateway.acl;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.PortAclRule;
import net.nvgate.fabric.model.PortRange;
import net.nvgate.fabric.policy.PolicyObject.PortAcl;

/** What port ACLs mean, word by word, without any cleverness. */
record NaiveAcl(List<PortAcl> lists, Map<UUID, List<IpPrefix>> sets, Map<String, List<IpPrefix>> labels) {

    /** A flow; of ICMP the remote port is type and code. */
    record Flow(
            AclDirection direction, IpAddress local, int localPort, IpAddress remote, int remotePort, int protocol) {

        AclPacket packet() {
            AclPacket packet = new AclPacket();
            packet.local(high(local), low(local), localPort);
            packet.remote(high(remote), low(remote), remotePort);
            if (protocol == 1 || protocol == 58) {
                packet.icmp(protocol == 58, remotePort >>> 8, remotePort & 0xff);
            } else {
                packet.protocol(protocol);
            }
            return packet;
        }

        private static long high(IpAddress address) {
            return address instanceof Ipv6Address v6 ? v6.high() : 0;
        }

        private static long low(IpAddress address) {
            return switch (address) {
                case Ipv4Address v4 -> AclPacket.mapped(v4.value());
                case Ipv6Address v6 -> v6.low();
            };
        }
    }

    /** The list and the priority of what decides; 0 = a default. Empty: no list is for the address. */
    record Verdict(AclAction action, Optional<UUID> list, int priority) {}

    Verdict decide(Flow flow) {
        Verdict verdict = new Verdict(AclAction.ALLOW, Optional.empty(), 0);
        List<PortAcl> ordered = lists.stream()
                .sorted(Comparator.comparing((PortAcl acl) -> !acl.provider())
                        .thenComparing(PortAcl::name)
                        .thenComparing(PortAcl::id))
                .toList();
        for (PortAcl acl : ordered) {
            boolean everywhere = acl.prefixes().isEmpty() && acl.labels().isEmpty();
            if (!everywhere && !isIn(flow.local, acl.prefixes(), List.of(), acl.labels())) {
                continue;
            }
            Optional<PortAclRule> first = acl.rules().stream()
                    .filter(rule -> matches(rule, flow))
                    .min(Comparator.comparingInt(PortAclRule::priority));
            AclAction byDefault =
                    flow.direction == AclDirection.INBOUND ? acl.defaultInboundAction() : acl.defaultOutboundAction();
            verdict = new Verdict(
                    first.map(PortAclRule::action).orElse(byDefault),
                    Optional.of(acl.id()),
                    first.map(PortAclRule::priority).orElse(0));
            if (verdict.action != AclAction.ALLOW) {
                return verdict;
            }
        }
        return verdict;
    }

    private boolean matches(PortAclRule rule, Flow flow) {
        return rule.direction() == flow.direction
                && (rule.protocol().number() < 0 || rule.protocol().number() == flow.protocol)
                && (rule.matchesAnyLocal()
                        || isIn(flow.local, rule.localAddressPrefixes(), rule.localAddressSetIds(), rule.localLabels()))
                && (rule.matchesAnyRemote()
                        || isIn(
                                flow.remote,
                                rule.remoteAddressPrefixes(),
                                rule.remoteAddressSetIds(),
                                rule.remoteLabels()))
                && isIn(rule.localPortRanges(), flow.localPort)
                && isIn(rule.remotePortRanges(), flow.remotePort)
                && rule.icmpType().filter(type -> type != flow.remotePort >>> 8).isEmpty()
                && rule.icmpCode()
                        .filter(code -> code != (flow.remotePort & 0xff))
                        .isEmpty();
    }

    private static boolean isIn(List<PortRange> ranges, int port) {
        return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.first() <= port && port <= range.last());
    }

    private boolean isIn(IpAddress address, List<IpPrefix> prefixes, List<UUID> setIds, List<String> names) {
        Predicate<IpPrefix> has = prefix -> prefix.contains(address);
        return Stream.of(
                        prefixes.stream(),
                        setIds.stream().flatMap(id -> sets.getOrDefault(id, List.of()).stream()),
                        names.stream().flatMap(name -> labels.getOrDefault(name, List.of()).stream()))
                .flatMap(part -> part)
                .anyMatch(has);
    }
}
