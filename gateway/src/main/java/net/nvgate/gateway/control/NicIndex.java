package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import org.jspecify.annotations.Nullable;

/** What port profiles say of NICs, by NIC and by address. */
final class NicIndex {

    /** An address of a tenant's NIC. */
    record Place(Tenant tenant, IpAddress address) {}

    final Map<UUID, NicBandwidth> nics = new HashMap<>();

    private final Map<UUID, Tenant> tenants = new HashMap<>();

    /** An address goes from one NIC of a guest cluster to another: for a moment, two may have it. */
    private final Map<Place, TreeMap<UUID, NicBandwidth>> places = new HashMap<>();

    void add(NicBandwidth nic, Tenant tenant, Dirty dirty) {
        nics.put(nic.nicId(), nic);
        tenants.put(nic.nicId(), tenant);
        for (IpAddress address : nic.addresses()) {
            places.computeIfAbsent(new Place(tenant, address), _ -> new TreeMap<>())
                    .put(nic.nicId(), nic);
        }
        tenant.nicsWithMaximum += hasMaximum(nic) ? 1 : 0;
        mark(nic, tenant, dirty);
    }

    void remove(NicBandwidth nic, Tenant tenant, Dirty dirty) {
        if (nics.remove(nic.nicId(), nic)) {
            tenants.remove(nic.nicId());
        }
        for (IpAddress address : nic.addresses()) {
            places.computeIfPresent(new Place(tenant, address), (_, there) -> {
                there.remove(nic.nicId(), nic);
                return there.isEmpty() ? null : there;
            });
        }
        tenant.nicsWithMaximum -= hasMaximum(nic) ? 1 : 0;
        mark(nic, tenant, dirty);
    }

    /** The tenant of a NIC that is there and has a place in the tables. */
    Optional<Tenant> tenantOf(UUID id) {
        return Optional.ofNullable(tenants.get(id)).filter(tenant -> tenant.index != Tenant.NO_INDEX);
    }

    /** All rows of a NIC, if there is such a one. */
    void mark(UUID id, Dirty dirty) {
        NicBandwidth nic = nics.get(id);
        Tenant tenant = tenants.get(id);
        if (nic != null && tenant != null) {
            mark(nic, tenant, dirty);
        }
    }

    private static void mark(NicBandwidth nic, Tenant tenant, Dirty dirty) {
        dirty.nics.add(nic.nicId());
        nic.addresses().forEach(address -> dirty.nicPlaces.add(new Place(tenant, address)));
    }

    static boolean hasMaximum(NicBandwidth nic) {
        return nic.bandwidth().maximumMbps().isPresent();
    }

    @Nullable
    NicBandwidth at(Place place) {
        TreeMap<UUID, NicBandwidth> there = places.get(place);
        return there == null ? null : there.firstEntry().getValue();
    }
}
