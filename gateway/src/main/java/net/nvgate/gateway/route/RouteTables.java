package net.nvgate.gateway.route;

import net.nvgate.gateway.acl.AclTable;

/**
 * Every table the data path routes by. Workers call the {@code find} methods and read epochs; one control thread calls
 * the methods marked "Writer".
 *
 * <pre>
 * worker:   int epoch = epochs.of(rdid)     before the tables are read, kept with the cached decision
 *           long e = records.find(rdid, ca) e stays readable until ...
 *           quiescence.pass(slot)           ... this, once per loop iteration
 * control:  records.put(row); ...; epochs.bump(rdid); reclaimer.seal()
 * </pre>
 */
public final class RouteTables {

    public final VsidTable vsids;
    public final LookupTable records;
    /** Provider addresses that VMs' records name. */
    public final ProviderPeers peers;

    public final FibTable tenantFib;
    /** Tenant interfaces, and by RDID the routes out of them. */
    public final TenantLinks tenantLinks;

    public final FibTable tenantLinkFib;
    /** The same for IPv6. */
    public final Fib6Table tenantLinkFib6;

    public final TenantLinkAddresses6 tenantLinkAddresses6;
    public final DhcpTable dhcp;
    public final MacTable macs;
    public final L2Groups l2Groups;
    /** Routes on the physical side: connected prefixes of the external addresses, external routes. */
    public final LinkFib externalFib;
    /** Routes in the PA network: connected prefixes of the provider addresses, provider routes. */
    public final LinkFib providerFib;

    /** The same for IPv6. */
    public final Lookup6Table records6;

    public final Fib6Table tenantFib6;
    /** Routes have RDID 0. */
    public final Fib6Table externalFib6;
    /** Routes have RDID 0. */
    public final Fib6Table providerFib6;

    public final Own6Addresses ownAddresses6;
    public final ProviderAddresses6 providerAddresses6;
    public final Nptv6Table nptv6;
    public final Nat64Table nat64;

    public final OwnAddresses ownAddresses;
    public final NatTable nat;
    public final RateLimits rates;
    public final NicRates nicRates;
    /** Port ACLs. */
    public final AclTable acls = new AclTable();

    public final Epochs epochs;
    public final Quiescence quiescence;
    /** Of the writer of these tables. */
    public final Reclaimer reclaimer;

    private final TableSpace space;

    /**
     * @param memory where the tables live, e.g. {@code TableMemory::allocate}
     * @param workersMax most workers that will ever read at one time
     */
    public RouteTables(TableSpace.Source memory, int workersMax) {
        this.space = new TableSpace(memory);
        this.quiescence = new Quiescence(workersMax);
        this.reclaimer = new Reclaimer(quiescence);
        this.vsids = new VsidTable(space, reclaimer);
        this.peers = new ProviderPeers(space, reclaimer);
        this.records = new LookupTable(space, reclaimer, peers);
        this.tenantFib = new FibTable(space, reclaimer);
        this.tenantLinks = new TenantLinks(space, reclaimer);
        this.tenantLinkFib = new FibTable(space, reclaimer);
        this.tenantLinkFib6 = new Fib6Table(space, reclaimer);
        this.tenantLinkAddresses6 = new TenantLinkAddresses6(space, reclaimer);
        this.dhcp = new DhcpTable(space, reclaimer);
        this.macs = new MacTable(space, reclaimer);
        this.l2Groups = new L2Groups(space, reclaimer);
        this.externalFib = new LinkFib(space, reclaimer);
        this.providerFib = new LinkFib(space, reclaimer);
        this.records6 = new Lookup6Table(space, reclaimer, peers);
        this.tenantFib6 = new Fib6Table(space, reclaimer);
        this.externalFib6 = new Fib6Table(space, reclaimer);
        this.providerFib6 = new Fib6Table(space, reclaimer);
        this.ownAddresses6 = new Own6Addresses(space, reclaimer);
        this.providerAddresses6 = new ProviderAddresses6(space, reclaimer);
        this.nptv6 = new Nptv6Table(space, reclaimer);
        this.nat64 = new Nat64Table(space, reclaimer);
        this.ownAddresses = new OwnAddresses(space, reclaimer);
        this.nat = new NatTable(space, reclaimer);
        this.rates = new RateLimits(space, reclaimer);
        this.nicRates = new NicRates(space, reclaimer);
        this.epochs = new Epochs(space, reclaimer);
    }

    /** Bytes taken for tables. */
    public long allocatedBytes() {
        return space.allocatedBytes();
    }
}
