package net.nvgate.gateway.control;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import org.jspecify.annotations.Nullable;

/**
 * CAs of VMs with L2Only records, as workers saw them. A CA is a row of the lookup table while the L2Only record it rests on is there,
 * policy has no record for it, and it was seen within {@link #AGE_NANOS}. The first VM to use a CA keeps it until it is silent for
 * {@link #TAKEN_NANOS}.
 */
final class L2Learning {

    /** What {@link Tenant#learned} keeps of a CA. */
    record Learned(int vsid, long mac, IpAddress pa) {}

    static final long AGE_NANOS = TimeUnit.MINUTES.toNanos(20);
    static final long TAKEN_NANOS = TimeUnit.MINUTES.toNanos(1);
    static final int LEARNED_MAX = 65_536;
    static final int PER_MAC_MAX = 16;

    private record Key(Tenant tenant, int ca) {}

    private final Records records;

    L2Learning(Records records) {
        this.records = records;
    }

    /** When each was seen last; the longest ago first. */
    private final Map<Key, Long> seen = new LinkedHashMap<>(16, 0.75f, true);

    /** The rows that read differently now; null if nothing does. */
    @Nullable
    Dirty learn(@Nullable Subnet subnet, long mac, int ca, IpAddress pa, long nowNanos) {
        if (subnet == null || !isBacked(subnet, mac, pa) || !isIn(subnet, ca)) {
            return null;
        }
        Tenant tenant = subnet.tenant;
        Key key = new Key(tenant, ca);
        Learned wanted = new Learned(subnet.vsid, mac, pa);
        Learned there = tenant.learned.get(ca);
        if (wanted.equals(there)) {
            seen.put(key, nowNanos);
            return null;
        }
        Long seenAt = there == null ? null : seen.get(key);
        boolean moved = there != null && there.mac == mac && there.vsid == subnet.vsid;
        boolean taken = seenAt != null && !moved && isValid(tenant, ca) && nowNanos - seenAt < TAKEN_NANOS;
        if (taken || records.of(tenant, new Ipv4Address(ca)) != null || (there == null && isFull(tenant, mac))) {
            return null;
        }
        seen.put(key, nowNanos);
        tenant.learned.put(ca, wanted);
        Dirty dirty = new Dirty();
        dirty.records.add(new Dirty.RecordRow(tenant, ca));
        return dirty;
    }

    private boolean isFull(Tenant tenant, long mac) {
        return seen.size() >= LEARNED_MAX
                || tenant.learned.values().stream()
                                .filter(learned -> learned.mac == mac)
                                .count()
                        >= PER_MAC_MAX;
    }

    private static boolean isIn(Subnet subnet, int ca) {
        return subnet.announcements.values().stream()
                .anyMatch(one -> one.prefix().contains(new Ipv4Address(ca)));
    }

    /** Whether an L2Only record has this MAC and PA. */
    private static boolean isBacked(Subnet subnet, long mac, IpAddress pa) {
        return subnet.special.values().stream()
                .anyMatch(record -> MacIndex.isL2Only(record)
                        && record.mac().value() == mac
                        && record.providerAddress().equals(pa));
    }

    /** Whether what was learned still rests on an L2Only record. */
    static boolean isValid(Tenant tenant, int ca) {
        Learned learned = tenant.learned.get(ca);
        Subnet subnet = learned == null ? null : tenant.subnets.get(learned.vsid);
        return subnet != null
                && subnet.references > 0
                && isBacked(subnet, Objects.requireNonNull(learned).mac, learned.pa);
    }

    /** Forgets what was not seen for long; the rows that read differently now, null if nothing does. */
    @Nullable
    Dirty age(long nowNanos) {
        Dirty dirty = null;
        Iterator<Map.Entry<Key, Long>> oldest = seen.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Key, Long> entry = oldest.next();
            if (nowNanos - entry.getValue() < AGE_NANOS) {
                break;
            }
            Key key = entry.getKey();
            oldest.remove();
            key.tenant.learned.remove(key.ca);
            dirty = dirty == null ? new Dirty() : dirty;
            dirty.records.add(new Dirty.RecordRow(key.tenant, key.ca));
        }
        return dirty;
    }

    /** CAs known this way. */
    int size() {
        return seen.size();
    }
}
