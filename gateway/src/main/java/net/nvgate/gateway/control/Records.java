package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.gateway.route.Lookup6Table;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.LookupTable;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/**
 * Policy's records of one CA each. There can be a million, so they are kept once: in the rows of the lookup tables, which say all of
 * a record but its VM's name, and for that have the number of one in {@link RecordNames}. A row without a name is not policy's but
 * was learned. What a change that is being made puts and removes lies on top, on the heap, until {@link #settle}.
 */
@SuppressWarnings("ReferenceEquality") // GONE is one object, and no record.
final class Records {

    /** In the place of a record that the change in work removes. */
    private static final LookupRecord GONE = new LookupRecord(
            new java.util.UUID(0, 0),
            new Vsid(Vsid.MIN),
            Ipv4Address.UNSPECIFIED,
            new MacAddress(0),
            Ipv4Address.UNSPECIFIED,
            LookupRecord.Type.STATIC,
            "");

    /** Bit of a name's number: {@link #difference} has seen the row. */
    private static final int SEEN = 1 << 31;

    private static final int SMALL = 64;
    private static final LookupRecord.Type[] TYPES = LookupRecord.Type.values();

    private final RouteTables tables;
    private final Map<Integer, Tenant> byIndex;
    private final RecordNames names = new RecordNames();
    private final List<Tenant> changed = new ArrayList<>();

    /** @param byIndex tenants by their indexes in the tables */
    Records(RouteTables tables, Map<Integer, Tenant> byIndex) {
        this.tables = tables;
        this.byIndex = byIndex;
    }

    @SuppressWarnings("ReferenceEquality") // One object marks what is gone, whatever its fields say.
    private static boolean isGone(@Nullable LookupRecord record) {
        return record == GONE;
    }

    /** The record of a CA as of the change in work; null if there is none. */
    @Nullable
    LookupRecord of(Tenant tenant, IpAddress ca) {
        LookupRecord pending = tenant.pending.get(ca);
        if (pending != null) {
            return isGone(pending) ? null : pending;
        }
        return switch (ca) {
            case Ipv4Address v4 -> {
                long entry = tables.records.find(tenant.index, v4.value());
                yield entry == 0 || LookupTable.name(entry) == RecordNames.NONE ? null : read(tenant, entry);
            }
            case Ipv6Address v6 -> {
                long entry = tables.records6.find(tenant.index, v6.high(), v6.low());
                yield entry == 0 || Lookup6Table.name(entry) == RecordNames.NONE ? null : read6(tenant, entry);
            }
        };
    }

    void put(Tenant tenant, LookupRecord record) {
        pending(tenant).put(record.customerAddress(), record);
    }

    void remove(Tenant tenant, IpAddress ca) {
        pending(tenant).put(ca, GONE);
    }

    private Map<IpAddress, LookupRecord> pending(Tenant tenant) {
        if (tenant.pending.isEmpty()) {
            changed.add(tenant);
        }
        return tenant.pending;
    }

    /** The rows are written, or the change was taken back: they are the records now. */
    void settle() {
        for (Tenant tenant : changed) {
            if (tenant.pending.size() > SMALL) {
                tenant.pending = new HashMap<>();
            } else {
                tenant.pending.clear();
            }
        }
        changed.clear();
    }

    /** What the change in work does to a CA: its record, or null if it removes it. */
    interface Pending {
        void accept(Tenant tenant, IpAddress ca, @Nullable LookupRecord record);
    }

    /** Every CA that the change in work puts or removes, tenant by tenant. */
    void forEachPending(Pending action) {
        for (Tenant tenant : changed) {
            tenant.pending.forEach((ca, record) -> action.accept(tenant, ca, isGone(record) ? null : record));
        }
    }

    /**
     * The number that the name of a row must have; a new one if the name is another.
     *
     * @param there that of the row as it is
     */
    int name(@Nullable LookupRecord record, int there) {
        if (record == null) {
            return RecordNames.NONE;
        }
        return there != RecordNames.NONE && names.is(there, record.vmName()) ? there : names.add(record.vmName());
    }

    /** The row has another name now. */
    void replaced(int old, int fresh) {
        if (old != RecordNames.NONE && old != fresh) {
            names.remove(old);
        }
    }

    /** Every record of some tenants, as of the change in work, in no order. */
    void forEach(Predicate<Tenant> wanted, BiConsumer<Tenant, LookupRecord> action) {
        forEachWritten(wanted, (tenant, record) -> {
            if (tenant.pending.isEmpty() || !tenant.pending.containsKey(record.customerAddress())) {
                action.accept(tenant, record);
            }
        });
        for (Tenant tenant : changed) {
            if (wanted.test(tenant)) {
                tenant.pending.values().stream()
                        .filter(record -> !isGone(record))
                        .forEach(record -> action.accept(tenant, record));
            }
        }
    }

    private void forEachWritten(Predicate<Tenant> wanted, BiConsumer<Tenant, LookupRecord> action) {
        tables.records.forEachEntry(entry -> {
            Tenant tenant = LookupTable.name(entry) == RecordNames.NONE ? null : byIndex.get(LookupEntry.rdid(entry));
            if (tenant != null && wanted.test(tenant)) {
                action.accept(tenant, read(tenant, entry));
            }
        });
        tables.records6.forEachEntry(entry -> {
            Tenant tenant = Lookup6Table.name(entry) == RecordNames.NONE ? null : byIndex.get(LookupEntry.rdid(entry));
            if (tenant != null && wanted.test(tenant)) {
                action.accept(tenant, read6(tenant, entry));
            }
        });
    }

    /**
     * What differs between the rows and the records that they should hold; nothing is in work.
     *
     * @param wanted every record there shall be
     * @param out told the records that go
     * @param in told the ones that come
     */
    void difference(
            List<LookupRecord> wanted,
            Map<Integer, Subnet> subnets,
            Consumer<LookupRecord> out,
            Consumer<LookupRecord> in) {
        for (LookupRecord record : wanted) {
            Subnet subnet = subnets.get(record.vsid().value());
            if (subnet == null || !isThere(subnet, record)) {
                in.accept(record);
            }
        }
        tables.records.forEachEntry(entry -> {
            int name = LookupTable.name(entry);
            Tenant tenant = byIndex.get(LookupEntry.rdid(entry));
            if (name < 0) {
                LookupTable.name(entry, name & ~SEEN);
            } else if (name != RecordNames.NONE && tenant != null) {
                out.accept(read(tenant, entry));
            }
        });
        tables.records6.forEachEntry(entry -> {
            int name = Lookup6Table.name(entry);
            Tenant tenant = byIndex.get(LookupEntry.rdid(entry));
            if (name < 0) {
                Lookup6Table.name(entry, name & ~SEEN);
            } else if (name != RecordNames.NONE && tenant != null) {
                out.accept(read6(tenant, entry));
            }
        });
    }

    /** Whether there is a row that says just that; it is marked. */
    private boolean isThere(Subnet subnet, LookupRecord record) {
        Tenant tenant = subnet.tenant;
        if (!tenant.rdid.equals(record.rdid())) {
            return false;
        }
        switch (record.customerAddress()) {
            case Ipv4Address v4 -> {
                long entry = tables.records.find(tenant.index, v4.value());
                int name = entry == 0 ? RecordNames.NONE : LookupTable.name(entry) & ~SEEN;
                if (name == RecordNames.NONE || !says(entry, name, record)) {
                    return false;
                }
                LookupTable.name(entry, name | SEEN);
            }
            case Ipv6Address v6 -> {
                long entry = tables.records6.find(tenant.index, v6.high(), v6.low());
                int name = entry == 0 ? RecordNames.NONE : Lookup6Table.name(entry) & ~SEEN;
                if (name == RecordNames.NONE || !says(entry, name, record)) {
                    return false;
                }
                Lookup6Table.name(entry, name | SEEN);
            }
        }
        return true;
    }

    private boolean says(long entry, int name, LookupRecord record) {
        return LookupEntry.vsid(entry) == record.vsid().value()
                && LookupEntry.mac(entry) == record.mac().value()
                && LookupEntry.type(entry) == TenantRows.type(record.type())
                && pa(entry).equals(record.providerAddress())
                && names.is(name, record.vmName());
    }

    private LookupRecord read(Tenant tenant, long entry) {
        return read(tenant, entry, new Ipv4Address(LookupEntry.ca(entry)), LookupTable.name(entry));
    }

    private LookupRecord read6(Tenant tenant, long entry) {
        Ipv6Address ca = new Ipv6Address(Lookup6Table.caHigh(entry), Lookup6Table.caLow(entry));
        return read(tenant, entry, ca, Lookup6Table.name(entry));
    }

    private LookupRecord read(Tenant tenant, long entry, IpAddress ca, int name) {
        return new LookupRecord(
                tenant.rdid,
                new Vsid(LookupEntry.vsid(entry)),
                ca,
                new MacAddress(LookupEntry.mac(entry)),
                pa(entry),
                TYPES[LookupEntry.type(entry)],
                names.get(name & ~SEEN));
    }

    private IpAddress pa(long entry) {
        int pa = LookupEntry.pa(entry);
        return ProviderAddresses6.isHandle(pa) ? tables.providerAddresses6.address(pa) : new Ipv4Address(pa);
    }

    /** Bytes that the names take. */
    long nameBytes() {
        return names.bytes();
    }
}
