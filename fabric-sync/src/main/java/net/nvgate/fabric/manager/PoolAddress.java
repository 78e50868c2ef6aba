package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.AllocatedTo;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;

/**
 * An address of a pool, or a run of free ones, and who has it.
 *
 * @param lastAddress end of a run of free addresses, inclusive
 * @param allocatedTo NAT connections share an address, all others have it alone
 */
public record PoolAddress(IpAddress address, Optional<IpAddress> lastAddress, State state, List<Holder> allocatedTo) {

    public enum State {
        /** Will be handed out. */
        FREE,
        /** Reserved, a VIP or a default gateway, and nobody has it. */
        RESERVED,
        ALLOCATED,
        /** Granted, not used any more, and not revoked yet. */
        INACTIVE
    }

    /**
     * Who has an address.
     *
     * @param kind segment of the API path, e.g. {@code hosts}
     * @param role VMM's AllocatedToType; of a grant, what it says
     */
    public record Holder(String kind, UUID id, String name, AllocatedTo.Type role) {

        static Holder of(FabricObject object) {
            AllocatedTo.Type role = switch (object.kind()) {
                case HOST, PROVIDER_ADDRESS -> AllocatedTo.Type.HOST_NETWORK_ADAPTER;
                case VM -> AllocatedTo.Type.VIRTUAL_NETWORK_ADAPTER;
                case ADDRESS_GRANT -> ((AddressGrant) object).allocatedTo().type();
                default -> AllocatedTo.Type.NETWORK_GATEWAY;
            };
            return new Holder(object.kind().path(), object.id(), object.name(), role);
        }
    }

    /** All of a pool's range, in order. */
    static List<PoolAddress> of(FabricIndex index, IpPool pool) {
        TreeMap<IpAddress, PoolAddress> taken = new TreeMap<>();
        List.of(pool.reserved(), pool.vips(), pool.defaultGateways())
                .forEach(addresses -> addresses.stream()
                        .filter(pool::inRange)
                        .forEach(address -> taken.put(
                                address, new PoolAddress(address, Optional.empty(), State.RESERVED, List.of()))));
        index.poolUsers(pool)
                .forEach(user -> PoolUse.of(user, index).stream()
                        .filter(use -> use.poolId().equals(pool.id()) && pool.inRange(use.address()))
                        .forEach(use -> taken.merge(use.address(), allocated(use.address(), user), PoolAddress::and)));
        return withFree(pool, taken);
    }

    private static PoolAddress allocated(IpAddress address, FabricObject user) {
        boolean inactive = user instanceof AddressGrant grant && grant.state() == AllocatedTo.State.INACTIVE;
        return new PoolAddress(
                address, Optional.empty(), inactive ? State.INACTIVE : State.ALLOCATED, List.of(Holder.of(user)));
    }

    private PoolAddress and(PoolAddress other) {
        List<Holder> holders = new ArrayList<>(allocatedTo);
        holders.addAll(other.allocatedTo);
        return new PoolAddress(address, Optional.empty(), other.state, List.copyOf(holders));
    }

    private static List<PoolAddress> withFree(IpPool pool, TreeMap<IpAddress, PoolAddress> taken) {
        List<PoolAddress> all = new ArrayList<>();
        Optional<IpAddress> next = Optional.of(pool.rangeStart());
        for (Map.Entry<IpAddress, PoolAddress> entry : taken.entrySet()) {
            next.filter(first -> first.compareTo(entry.getKey()) < 0)
                    .ifPresent(first -> all.add(free(first, entry.getKey().plus(-1))));
            all.add(entry.getValue());
            boolean end = entry.getKey().equals(pool.rangeEnd());
            next = end ? Optional.empty() : Optional.of(entry.getKey().plus(1));
        }
        next.ifPresent(first -> all.add(free(first, pool.rangeEnd())));
        return all;
    }

    private static PoolAddress free(IpAddress first, IpAddress last) {
        Optional<IpAddress> end = first.equals(last) ? Optional.empty() : Optional.of(last);
        return new PoolAddress(first, end, State.FREE, List.of());
    }
}
