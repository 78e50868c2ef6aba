package net.nvgate.gateway.worker;

import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;

/** The largest packets that reach a VM or the physical side. Bytes of whole IP packets, without the headers of tunnels. */
final class PathMtus {

    private final RouteTables tables;
    private final int paMtu;
    private final int extMtu;

    PathMtus(RouteTables tables, int paMtu, int extMtu) {
        this.tables = tables;
        this.paMtu = paMtu;
        this.extMtu = extMtu;
    }

    /** Largest outer packet to a provider address. */
    int outer(int providerAddress) {
        return paMtu;
    }

    /** Largest inner packet to a CA of a tenant; without a record, the port's. */
    int tenant(int domain, int ca) {
        long record = tables.records.find(domain, ca);
        return (record == 0 ? paMtu : outer(LookupEntry.pa(record))) - Nvgre.OVERHEAD;
    }

    /** Largest packet to the physical side. */
    int external() {
        return extMtu;
    }
}
