package net.nvgate.fabric.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PlanLimits;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** What subscriptions and clouds have, counted from the objects, and that no revision goes over a limit. */
final class QuotaRules {

    private record What(UUID who, String dimension) {}

    private final Content content;
    private final Map<What, Long> used = new HashMap<>();
    private final Set<Object> addresses = new HashSet<>();

    private QuotaRules(Content content) {
        this.content = content;
        content.all(VmNetwork.class).forEach(network -> count(network.subscriptionId(), "vmNetworks", 1));
        content.all(VmSubnet.class).forEach(subnet -> count(owner(subnet.vmNetworkId()), "vmSubnets", 1));
        content.all(NatRule.class)
                .forEach(rule -> count(
                        behind(content.get(NatConnection.class, rule.natConnectionId())
                                .vmNetworkGatewayId()),
                        "natRules",
                        1));
        content.all(NatConnection.class)
                .forEach(nat -> address(behind(nat.vmNetworkGatewayId()), nat.externalAddress()));
        content.all(NatOneToOne.class).forEach(one -> address(behind(one.vmNetworkGatewayId()), one.externalAddress()));
        content.all(Vm.class).forEach(vm -> {
            count(vm.subscriptionId(), "vms", 1);
            count(vm.subscriptionId(), "vcpus", vm.vcpus());
            count(vm.subscriptionId(), "memoryMb", vm.memoryMb());
        });
    }

    /**
     * A batch may use what it then limits: the greater of both limits counts.
     *
     * @throws AssertionError if a limit is exceeded that was not, or is exceeded further
     */
    static void check(Content before, Content after) {
        QuotaRules had = new QuotaRules(before);
        QuotaRules has = new QuotaRules(after);
        has.used.forEach((what, amount) -> {
            long limit = Math.max(
                    has.limit(what).orElse(Long.MAX_VALUE),
                    before.find(what.who()).isEmpty() ? 0 : had.limit(what).orElse(Long.MAX_VALUE));
            if (amount > limit && amount > had.used.getOrDefault(what, 0L)) {
                throw new AssertionError(what + " is " + amount + ", over its limit " + limit + ", and was "
                        + had.used.getOrDefault(what, 0L));
            }
            if (amount > had.used.getOrDefault(what, 0L) && isSuspended(before, what) && isSuspended(after, what)) {
                throw new AssertionError(what + " grows to " + amount + " while the subscription is suspended");
            }
        });
    }

    private static boolean isSuspended(Content content, What what) {
        return content.find(what.who()).orElse(null) instanceof Subscription subscription
                && subscription.state() == Subscription.State.SUSPENDED;
    }

    private Optional<UUID> owner(UUID networkId) {
        return content.get(VmNetwork.class, networkId).subscriptionId();
    }

    private Optional<UUID> behind(UUID gatewayId) {
        return owner(content.get(VmNetworkGateway.class, gatewayId).vmNetworkId());
    }

    private void address(Optional<UUID> subscription, IpAddress address) {
        subscription
                .filter(id -> addresses.add(Map.entry(id, address)))
                .ifPresent(_ -> count(subscription, "publicAddresses", 1));
    }

    private void count(Optional<UUID> subscription, String dimension, long amount) {
        subscription.ifPresent(id -> {
            used.merge(new What(id, dimension), amount, Long::sum);
            Subscription who = content.get(Subscription.class, id);
            UUID cloud = content.get(Plan.class, who.planId()).cloudId();
            used.merge(new What(cloud, dimension), amount, Long::sum);
        });
    }

    private Optional<Long> limit(What what) {
        return switch (content.find(what.who()).orElseThrow()) {
            case Subscription subscription ->
                limit(
                        what.dimension(),
                        content.get(Plan.class, subscription.planId()).limits());
            case Cloud cloud ->
                switch (what.dimension()) {
                    case "vms" -> cloud.capacity().vms();
                    case "vcpus" -> cloud.capacity().vcpus();
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    private static Optional<Long> limit(String dimension, PlanLimits limits) {
        return switch (dimension) {
            case "vmNetworks" -> limits.vmNetworks();
            case "vmSubnets" -> limits.vmSubnets();
            case "natRules" -> limits.natRules();
            case "publicAddresses" -> limits.publicAddresses();
            case "vms" -> limits.vms();
            case "memoryMb" -> limits.memoryMb();
            default -> limits.vcpus();
        };
    }
}
