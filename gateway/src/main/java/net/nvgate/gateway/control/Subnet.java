package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import net.nvgate.fabric.policy.PolicyObject.DhcpSubnet;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import org.jspecify.annotations.Nullable;

/** A VSID within a tenant, as far as policy names it. */
final class Subnet {

    static final int NO_INDEX = -1;

    final Tenant tenant;
    final int vsid;

    /** By key, IPv4 first: one of each family at most, none while only records name the VSID. */
    final TreeMap<String, VirtualSubnet> announcements = new TreeMap<>();

    /** Records that say what the VSID is: default gateway, wildcards, ours; by key. */
    final TreeMap<String, LookupRecord> special = new TreeMap<>();

    /** What DHCP tells there; null = nothing. */
    @Nullable
    DhcpSubnet dhcp;

    /** Records by MAC and key: L2Only ones, and with DHCP all. */
    final Map<Long, TreeMap<String, LookupRecord>> byMac = new HashMap<>();

    /** All other records. */
    int vmRecords;

    /** Objects that name the VSID: the subnet itself and records. */
    int references;

    int countersIndex = NO_INDEX;

    Subnet(Tenant tenant, int vsid) {
        this.tenant = tenant;
        this.vsid = vsid;
    }

    /** The subnet of the VSID, that of IPv4 if there are two. */
    @Nullable
    VirtualSubnet announced() {
        return announcements.isEmpty() ? null : announcements.firstEntry().getValue();
    }
}
