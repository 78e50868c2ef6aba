package net.nvgate.gateway.bench;

/**
 * How large the fabric of a measurement is.
 *
 * @param tenants 1..4000
 * @param vms VMs that packets come from and go to, of all tenants; at least one each
 * @param sessions flows, each with a VM and a source port of its own
 * @param spareRecords lookup records beside those of the VMs
 */
record BenchShape(int tenants, int vms, int sessions, int spareRecords) {

    /** VMs of the largest fabric that is asked for by sessions alone: as many as the comparison in performance.md has. */
    private static final int VMS = 12_800;

    /** Ports in use of one external address; more could collide with its hosts' unequal shares. */
    private static final int PORTS_PER_ADDRESS = 24_000;

    BenchShape {
        if (tenants < 1 || tenants > 4_000 || vms < tenants || sessions < 1) {
            throw new IllegalArgumentException(
                    "a shape of " + tenants + " tenants, " + vms + " VMs, " + sessions + " sessions");
        }
    }

    /** Sessions spread over as many VMs as there are for them. */
    static BenchShape of(int tenants, int sessions) {
        return new BenchShape(tenants, Math.max(tenants, Math.min(sessions, VMS)), sessions, 0);
    }

    BenchShape withSpareRecords(int records) {
        return new BenchShape(tenants, vms, sessions, records);
    }

    int tenantOf(int vm) {
        return vm % tenants;
    }

    int vmOf(int flow) {
        return flow % vms;
    }

    int portOf(int flow) {
        return 1_024 + flow / vms;
    }

    int natAddressesPerTenant() {
        return 1 + sessions / tenants / PORTS_PER_ADDRESS;
    }
}
