package net.nvgate.gateway.control;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import net.nvgate.gateway.police.FairQueues;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bandwidth of NICs from policy to rows. */
final class NicRows {

    private static final Logger LOG = LoggerFactory.getLogger(NicRows.class);
    private static final int KBPS_PER_MBPS = 1_000;

    private final NicRates table;
    private final RateLimits limits;
    private final NicIndex index;
    private final IdPool indexes;
    private final Map<UUID, Integer> indexOf = new HashMap<>();
    private final Set<UUID> without = new LinkedHashSet<>();

    NicRows(RouteTables tables, NicIndex index, IdPool indexes) {
        this.table = tables.nicRates;
        this.limits = tables.rates;
        this.index = index;
        this.indexes = indexes;
    }

    /** @param changedRdids gets the tenants whose sessions must look again: another limit is that of a NIC, or it is another one */
    void write(Dirty dirty, Set<Integer> changedRdids) {
        int before = without.size();
        without.stream().limit(indexes.available()).forEach(id -> index.mark(id, dirty));
        dirty.nics.forEach(id -> writeLimit(id, changedRdids));
        dirty.nicPlaces.forEach(place -> writePlace(place, changedRdids));
        if (without.size() > before) {
            LOG.error(
                    "the maximum bandwidth of {} virtual NICs does not hold: this gateway has {} limits of NICs, all in use",
                    without.size(),
                    indexOf.size());
        }
    }

    /** NICs with a maximum for which no limit was left; they get one when another NIC's is free again. */
    int without() {
        return without.size();
    }

    /** Of NICs with limits. */
    SortedMap<UUID, Integer> indexes() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(indexOf));
    }

    private void writeLimit(UUID id, Set<Integer> changedRdids) {
        NicBandwidth nic = index.nics.get(id);
        int kbps =
                nic == null ? 0 : KBPS_PER_MBPS * nic.bandwidth().maximumMbps().orElse(0);
        Integer there = indexOf.get(id);
        if (kbps == 0) {
            without.remove(id);
            if (there != null) {
                limits.setNic(there, RateLimits.Row.NONE);
                indexOf.remove(id);
                indexes.retire(there);
            }
            return;
        }
        if (there == null && indexes.available() == 0) {
            without.add(id);
            return;
        }
        without.remove(id);
        int number = there == null ? indexes.allocate() : there;
        indexOf.put(id, number);
        RateLimits.Row wanted = new RateLimits.Row(kbps, kbps, 0, 0, true, false);
        if (!wanted.equals(limits.nicRow(number))) {
            limits.setNic(number, wanted);
            index.tenantOf(id).ifPresent(tenant -> changedRdids.add(tenant.index));
        }
    }

    private void writePlace(NicIndex.Place place, Set<Integer> changedRdids) {
        if (place.tenant().index == Tenant.NO_INDEX) {
            return;
        }
        int rdid = place.tenant().index;
        NicRates.Row wanted = row(index.at(place));
        NicRates.Row there = table.row(rdid, place.address());
        if (!wanted.equals(there)) {
            table.set(rdid, place.address(), wanted);
            if (wanted.nic() != there.nic()) {
                changedRdids.add(rdid);
            }
        }
    }

    private NicRates.Row row(@Nullable NicBandwidth nic) {
        if (nic == null) {
            return NicRates.Row.NONE;
        }
        PortProfile.Bandwidth bandwidth = nic.bandwidth();
        return new NicRates.Row(
                Math.max(1, bandwidth.minimumWeight().orElse(FairQueues.WEIGHT_DEFAULT)),
                KBPS_PER_MBPS * bandwidth.minimumMbps().orElse(0),
                indexOf.getOrDefault(nic.nicId(), NicRates.NO_INDEX),
                nic.nicId().hashCode());
    }
}
