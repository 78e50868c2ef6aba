package net.nvgate.fabric.manager;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.VmNetwork;

/** What each VM network, subscription and cloud has of what quotas limit: sums over the present objects. */
final class QuotaBook {

    private static final Tally NONE = new Tally();

    private final Map<UUID, Tally> networks = new HashMap<>();
    private final Map<UUID, Tally> subscriptions = new HashMap<>();
    private final Map<UUID, Tally> clouds = new HashMap<>();

    /** Sums, and how many objects have each public address. */
    static final class Tally {

        private final Map<QuotaDimension, Long> amounts = new EnumMap<>(QuotaDimension.class);
        private final Map<IpAddress, Integer> addresses = new HashMap<>();

        long used(QuotaDimension dimension) {
            return dimension == QuotaDimension.PUBLIC_ADDRESSES
                    ? addresses.size()
                    : amounts.getOrDefault(dimension, 0L);
        }

        /** @param sign 1 or -1 */
        void add(QuotaUse use, int sign) {
            use.amounts().forEach((dimension, amount) -> add(dimension, sign * amount));
            use.publicAddress()
                    .ifPresent(address -> addresses.merge(
                            address, sign, (before, more) -> before + more == 0 ? null : before + more));
        }

        private void add(QuotaDimension dimension, long amount) {
            if (amount != 0) {
                amounts.merge(dimension, amount, (before, more) -> before + more == 0 ? null : before + more);
            }
        }

        /** What another tally has, more or less. */
        void add(Tally other, int sign) {
            other.amounts.forEach((dimension, amount) -> add(dimension, sign * amount));
            other.addresses.forEach((address, count) -> addresses.merge(
                    address, sign * count, (before, more) -> before + more == 0 ? null : before + more));
        }

        /** Objects that have the address. */
        int holders(IpAddress address) {
            return addresses.getOrDefault(address, 0);
        }

        Map<QuotaDimension, Long> amounts() {
            return Collections.unmodifiableMap(amounts);
        }

        /** How many objects have each public address. */
        Map<IpAddress, Integer> addresses() {
            return Collections.unmodifiableMap(addresses);
        }

        boolean isEmpty() {
            return amounts.isEmpty() && addresses.isEmpty();
        }
    }

    /** Of what is in a VM network, without itself and without VMs. */
    Tally ofNetwork(UUID id) {
        return networks.getOrDefault(id, NONE);
    }

    Tally ofSubscription(UUID id) {
        return subscriptions.getOrDefault(id, NONE);
    }

    Tally ofCloud(UUID id) {
        return clouds.getOrDefault(id, NONE);
    }

    /**
     * An object comes or goes.
     *
     * @param lookup knows what the object refers to
     * @param sign 1 or -1
     */
    void count(FabricObject object, ObjectLookup lookup, int sign) {
        if (object instanceof Subscription subscription) {
            // What it has goes with it to the cloud of another plan.
            Tally moved = ofSubscription(subscription.id());
            change(clouds, TenancyRules.cloud(lookup, subscription).id(), tally -> tally.add(moved, sign));
            return;
        }
        if (object instanceof VmNetwork network) {
            // What is in it goes with it to another owner.
            Tally moved = ofNetwork(network.id());
            network.subscriptionId().ifPresent(id -> charge(id, lookup, tally -> tally.add(moved, sign)));
        }
        QuotaUse.of(object, lookup).ifPresent(use -> {
            use.vmNetworkId().ifPresent(id -> change(networks, id, tally -> tally.add(use, sign)));
            use.subscriptionId().ifPresent(id -> charge(id, lookup, tally -> tally.add(use, sign)));
        });
    }

    private void charge(UUID subscriptionId, ObjectLookup lookup, Consumer<Tally> change) {
        Subscription subscription = lookup.get(Subscription.class, subscriptionId);
        change(subscriptions, subscription.id(), change);
        change(clouds, TenancyRules.cloud(lookup, subscription).id(), change);
    }

    private static void change(Map<UUID, Tally> tallies, UUID id, Consumer<Tally> change) {
        Tally tally = tallies.computeIfAbsent(id, _ -> new Tally());
        change.accept(tally);
        if (tally.isEmpty()) {
            tallies.remove(id);
        }
    }
}
