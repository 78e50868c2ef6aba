package net.nvgate.fabric.netwnv;

/** What can be wrong, or different, with hosts' states as a fabric. The name is for machines. */
public enum FindingCode {
    /** A host shows no provider address: its VMs cannot be found. */
    HOST_WITHOUT_PA(Severity.ERROR),
    /** Two hosts have the same PA. */
    PA_ON_TWO_HOSTS(Severity.ERROR),
    /** A PA subnet is on two VLANs, or overlaps another. */
    PA_SUBNETS_OVERLAP(Severity.ERROR),
    /** A host says that its PA is a duplicate, invalid, tentative or deprecated. */
    PA_STATE(Severity.WARNING),
    /** The PA of a record is not that of the host's other records of the VSID, or in another subnet: one can be held. */
    PA_NOT_HELD(Severity.ERROR),
    /** A record has a PA that no host has, and no gateway was named for it. */
    UNKNOWN_PA(Severity.ERROR),
    /** A VSID is in two routing domains. */
    VSID_IN_TWO_RDIDS(Severity.ERROR),
    /** Records have a VSID of which no customer route tells the routing domain. */
    VSID_WITHOUT_RDID(Severity.ERROR),
    /** Not 4096..16777214. */
    VSID_OUT_OF_RANGE(Severity.ERROR),
    /** A VSID has no on-link route, so its prefix is not known. */
    MISSING_ON_LINK_ROUTE(Severity.ERROR),
    /** A VSID has several prefixes of a family; the first can be held. */
    SEVERAL_PREFIXES(Severity.ERROR),
    /** Prefixes of a routing domain overlap. */
    PREFIXES_OVERLAP(Severity.ERROR),
    /** Hosts have the same record (VSID, CA, MAC) with different PAs: one of them is stale. */
    STALE_RECORD(Severity.ERROR),
    /** Two records of a routing domain have the same CA. */
    DUPLICATE_CA(Severity.ERROR),
    /** Two ports of a routing domain have the same MAC. */
    DUPLICATE_MAC(Severity.ERROR),
    /** A CA is not in the prefix of its VSID, or cannot be a machine's. */
    CA_OUTSIDE_PREFIX(Severity.ERROR),
    /** A next hop has no lookup record. */
    NEXT_HOP_UNKNOWN(Severity.ERROR),
    /** A gateway's PA cannot be the named gateway's. */
    GATEWAY_PA(Severity.ERROR),
    /** A gateway or distributed router has an address that it cannot have here. */
    ROUTER_ADDRESS(Severity.ERROR),
    /** A NIC has more addresses than can be held. */
    TOO_MANY_ADDRESSES(Severity.ERROR),
    /** A VSID has no record of its default gateway (DG). */
    MISSING_DG(Severity.WARNING),
    /** Two VSIDs of a routing domain have the same DG MAC; the second gets another. */
    DG_MAC_SHARED(Severity.WARNING),
    /** Of two default routes of a routing domain, to two gateways, one can be held. */
    SEVERAL_GATEWAYS(Severity.WARNING),
    /** A way out leads to a PA for which no gateway of this fabric was named: it is left out. */
    GATEWAY_NOT_NAMED(Severity.WARNING),
    /** Some hosts of a routing domain have the gateway's wildcard record, others have not. */
    WILDCARD_ON_SOME_HOSTS(Severity.WARNING),
    /** A host with VMs of a routing domain lacks records that other hosts have. */
    MISSING_ON_HOST(Severity.WARNING),
    /** A host has no PA route to where VMs of its routing domains are. */
    MISSING_PROVIDER_ROUTE(Severity.WARNING),
    /** The host says that it cannot use a record. */
    UNUSABLE(Severity.WARNING),
    /** The host says that a record is not that of the central policy. */
    UNSYNCHRONIZED(Severity.WARNING),
    /** The host sends packets between virtual subnets to external routers; here hosts are distributed routers. */
    USE_EXTERNAL_ROUTER(Severity.WARNING),
    /** Addresses are rewritten, or nothing is done; here all is NVGRE. The record keeps its rule on export. */
    RULE_NOT_ENCAP(Severity.WARNING),
    /** A route of a kind that there is not here. */
    ROUTE_NOT_HELD(Severity.WARNING),
    /** A further static address of a NIC is held as a learned one. */
    HELD_AS_DYNAMIC(Severity.WARNING),
    /** A wildcard record is missing, or on hosts that are not read: it is made. */
    MISSING_WILDCARD(Severity.INFO),
    /** A plain wildcard record (2012) becomes one of type GatewayWildcard. */
    PLAIN_WILDCARD(Severity.INFO),
    /** Records of default gateways have the dummy PA (2012), or that of their VSID; here they have the host's own. */
    DG_PA(Severity.INFO),
    /** A PA of a host that no record has: the host does not have it here. */
    PA_UNUSED(Severity.INFO),
    /** A host has records of a routing domain without VMs of it; here it does not get them. */
    NOT_NEEDED_ON_HOST(Severity.INFO),
    /** Here there is a record or address more. */
    ADDED(Severity.INFO),
    /** Metrics of on-link and default routes are always 255. */
    METRIC_NOT_HELD(Severity.INFO),
    /** Context, CustomerID or a name has another value, or place, here. */
    TEXT_NOT_HELD(Severity.INFO),
    /** A host has the PA that a gateway takes over, and no VMs: it is left out. */
    HOST_IS_GATEWAY(Severity.INFO);

    /** What a finding means for the import. */
    public enum Severity {
        /** The states contradict each other, or cannot be held: nothing is applied unless the code is tolerated. */
        ERROR,
        /** To look at; it is applied. */
        WARNING,
        /** A difference to expect. */
        INFO
    }

    private final Severity severity;

    FindingCode(Severity severity) {
        this.severity = severity;
    }

    public Severity severity() {
        return severity;
    }
}
