package net.nvgate.gateway.route;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Provider addresses, IPv4 or handles of {@link ProviderAddresses6}, that records of VMs name: the hosts from which NVGRE, and ICMP about it, may come.
 *
 * <pre>
 *  entry: 0 provider address (i64)   8 records that name it (i32), of the writer
 * </pre>
 */
public final class ProviderPeers {

    private static final int BYTES = 32;

    private final HashIndex index;
    private final BlockPool pool;

    ProviderPeers(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 1);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /** Any thread: whether a VM's record names a provider address. */
    public boolean contains(int providerAddress) {
        return index.find(Integer.toUnsignedLong(providerAddress)) != 0;
    }

    /** Writer: one more record names an address. */
    void add(int providerAddress) {
        long entry = index.find(Integer.toUnsignedLong(providerAddress));
        if (entry == 0) {
            entry = pool.allocate();
            Mem.i64(entry, Integer.toUnsignedLong(providerAddress));
            Mem.i32(entry + 8, 1);
            index.put(entry);
        } else {
            Mem.i32(entry + 8, Mem.i32(entry + 8) + 1);
        }
    }

    /** Writer: one record less names an address. */
    void remove(int providerAddress) {
        long entry = index.find(Integer.toUnsignedLong(providerAddress));
        int count = entry == 0 ? 0 : Mem.i32(entry + 8) - 1;
        if (count > 0) {
            Mem.i32(entry + 8, count);
        } else if (entry != 0) {
            index.remove(entry);
            pool.retire(entry);
        }
    }

    /** Writer: as a record comes in the place of another one, each an address of a {@link LookupEntry} or 0. */
    void replace(long oldRecord, long newRecord) {
        if (newRecord != 0 && LookupEntry.isVm(newRecord)) {
            add(LookupEntry.pa(newRecord));
        }
        if (oldRecord != 0 && LookupEntry.isVm(oldRecord)) {
            remove(LookupEntry.pa(oldRecord));
        }
    }

    public long size() {
        return index.size();
    }
}
