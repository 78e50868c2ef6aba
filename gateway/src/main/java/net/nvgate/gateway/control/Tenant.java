package net.nvgate.gateway.control;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatExemption;
import net.nvgate.fabric.policy.PolicyObject.PeerRoute;
import net.nvgate.fabric.policy.PolicyObject.TenantInterface;

/** A routing domain as policy describes it, indexed the ways the tables' rows need. */
final class Tenant {

    static final int NO_INDEX = 0;

    /** Best route first: lowest metric, then on-link, then lowest next hop. */
    static final Comparator<CustomerRoute> BEST_FIRST =
            Comparator.comparingInt(CustomerRoute::metric).thenComparing(CustomerRoute::nextHop);

    final UUID rdid;

    /** Dense index in the tables, from 1; 0 until the first row is written. */
    int index = NO_INDEX;

    /** Name of the VM network; empty until announced. */
    String name = "";

    /** The {@link Dirty} that has it already. */
    Object touchedBy = this;

    /** Policy objects that name this RDID. */
    int references;

    final TreeMap<Integer, Subnet> subnets = new TreeMap<>();

    /** What the change in work does to records of one CA each; of {@link Records}. */
    Map<IpAddress, LookupRecord> pending = new HashMap<>();

    /** Records of one CA each. */
    int recordCount;

    /** Wildcards and L2Only records, by key. */
    final Map<String, LookupRecord> otherRecords = new HashMap<>();

    final Map<IpPrefix, TreeSet<CustomerRoute>> routes = new HashMap<>();

    /** VLANs of this tenant by {@code TenantLinks.link}. */
    final TreeMap<Integer, TenantInterface> interfaces = new TreeMap<>();

    /** CAs that no policy has, of VMs with L2Only records. */
    final Map<Integer, L2Learning.Learned> learned = new HashMap<>();

    final Set<IpPrefix> blackholes = new HashSet<>();

    final Map<IpPrefix, TreeMap<UUID, PeerRoute>> peers = new HashMap<>();

    DscpMode dscpMode = DscpMode.UNIFORM;

    /** Of outer headers in pipe mode. */
    int dscp;

    /** Its VMs may ask for mappings. */
    boolean pcp;

    final TreeSet<NatConnection> connections = new TreeSet<>(NatIndex.ORDER);
    final TreeMap<UUID, NatExemption> exemptions = new TreeMap<>();
    NatQuota quota = NatQuota.UNLIMITED;
    Bandwidth limits = Bandwidth.UNLIMITED;

    /** NICs whose port profiles limit them. */
    int nicsWithMaximum;

    Tenant(UUID rdid) {
        this.rdid = rdid;
    }
}
