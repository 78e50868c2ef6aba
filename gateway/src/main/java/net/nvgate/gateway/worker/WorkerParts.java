package net.nvgate.gateway.worker;

import java.security.SecureRandom;
import net.nvgate.gateway.alg.ControlConnections;
import net.nvgate.gateway.alg.Expectations;
import net.nvgate.gateway.alg.FtpWriter;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.flow.FlowTable;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.fragment.Identifications;
import net.nvgate.gateway.nat.HostUsage;
import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat.Peers;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.nat.PortBlocks;
import net.nvgate.gateway.nat.PortMaps;
import net.nvgate.gateway.nat.Subscribers;
import net.nvgate.gateway.nat.TenantUsage;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.pcp.PcpBindings;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TableSpace;
import net.nvgate.gateway.talkers.SessionTraffic;
import net.nvgate.gateway.watch.Side;
import org.jspecify.annotations.Nullable;

/** Makes the steps of one worker and what they share, in the order in which they need each other. All memory is taken here. */
final class WorkerParts {

    /** What the table of sessions needs, and a multiple of a cache line. */
    private static final int ALIGNMENT = 2 * Session.LINE;

    /** Mappings that tenants asked for by PCP. */
    private static final int PCP_MAPPINGS_MAX = 1 << 12;
    /** FTP control connections that are read, and connections expected, at a time. */
    private static final int ALG_MAX = 4096;
    /** Inside IPv6 hosts of NAT64 at a time, 64 MiB. */
    private static final int HOSTS_MAX = 1 << 20;
    /** Flows without session that port ACLs have judged at a time, 4 MiB. */
    private static final int ACL_FLOWS_MAX = 1 << 16;

    final RouteTables tables;
    final WorkerClock clock = new WorkerClock();
    final Tap tap;
    final WorkerCounters counters;
    final Disposal disposal;
    final Events events;
    final FlowTable flows;
    final NatBindings bindings;
    final PcpBindings pcp;
    final InsideHosts hosts;
    final Adjacencies adjacencies;
    final TenantRoutes routes;
    final RouteCache routeCache;
    final AlgExpectations expectations;
    final Alg alg;
    final AclFlows aclFlows;
    final AclGate acl;
    final AclTransit aclTransit;
    final AclSweep aclSweep;
    final Sessions sessions;
    final SessionTraffic traffic;
    final SessionCommands commands;
    final TcpTracker tcp;
    final PathMtus mtus;
    final SizeParts sizes;
    final Renaming renaming;
    final PendingPackets pending;
    final Egress egress;
    final Meters meters;
    final LimitQueues limitQueues;
    final Limiter limiter;
    final LinesAhead linesAhead;
    final TenantServices services;
    final HairpinQueue hairpin;
    final EchoResponder echo;
    final IcmpSender icmp;
    final TenantRouter router;
    final IcmpTranslator translator;
    final HeldSyns heldSyns;
    final Burst burst;
    final FirstPackets firstPackets;
    final PaInput paInput;
    final ExtInput extInput;
    final OutboundSetup outboundSetup;
    final InboundSetup inboundSetup;
    final NatRefusals refusals;
    final TenantPath tenantPath;
    final FastTenantPath fastTenantPath;
    final FastRoutedPath fastRoutedPath;
    final FastPaInput fastPaInput;
    final FastExternalPath fastExternalPath;
    final FastExtInput fastExtInput;
    final ExternalPath externalPath;
    final Ipv6Parts ipv6;
    final ArpRequester arpRequester;
    final WatchedInput watched;
    final Transmitter paOutput;
    final Transmitter extOutput;
    /** Null: there are no other workers. */
    final @Nullable HandOff handOff;
    /** Room for the mbuf addresses of a received burst. */
    final long rxArray;

    WorkerParts(
            WorkerConfig config,
            RouteTables tables,
            NeighborTable neighbors,
            NeighborChannel channel,
            WorkerPorts ports,
            Mempool pool,
            TableSpace.Source memory,
            @Nullable WorkerGroup group,
            int self,
            long nowNanos) {
        SecureRandom random = new SecureRandom();
        this.tables = tables;
        meters = meters(config, memory, nowNanos);
        clock.set(nowNanos);
        tap = new Tap(clock);
        counters = new WorkerCounters(take(memory, WorkerCounters.bytes(config.vsidsMax())), config.vsidsMax(), tap);
        disposal = new Disposal(counters, batch(memory));
        events = new Events(take(memory, Events.bytes()), clock);
        handOff = group == null || group.workers() == 1
                ? null
                : new HandOff(
                        group,
                        self,
                        new PacketOwners(tables, group.workers()),
                        counters,
                        disposal,
                        take(memory, 8L * Burst.MAX));
        flows = new FlowTable(
                take(memory, FlowTable.bytes(config.sessionsMax())),
                config.sessionsMax(),
                random.nextLong(),
                clock.ms());
        int hostsMax = Math.min(Math.min(config.sessionsMax(), config.hostsMax()), HOSTS_MAX);
        hosts = new InsideHosts(take(memory, InsideHosts.bytes(hostsMax)), hostsMax, random.nextLong());
        bindings = bindings(config, tables, hosts, memory, random, clock.ms());
        pcp = new PcpBindings(
                tables.nat,
                bindings,
                take(memory, PcpBindings.bytes(PCP_MAPPINGS_MAX)),
                PCP_MAPPINGS_MAX,
                random.nextLong());
        mtus = new PathMtus(tables, hosts, ports.pa().mtu(), ports.ext().mtu(), clock);
        adjacencies = new Adjacencies(
                take(memory, Adjacencies.bytes(config.adjacenciesMax())),
                config.adjacenciesMax(),
                random.nextLong(),
                tables,
                hosts,
                neighbors,
                channel,
                mtus,
                ports,
                clock,
                counters);
        routes = new TenantRoutes(tables, adjacencies);
        routeCache = new RouteCache(
                take(memory, RouteCache.bytes(config.adjacenciesMax())),
                config.adjacenciesMax(),
                random.nextLong(),
                adjacencies,
                tables.acls);
        expectations = new AlgExpectations(
                new Expectations(take(memory, Expectations.bytes(ALG_MAX)), ALG_MAX, random.nextLong()),
                bindings,
                clock,
                counters);
        alg = new Alg(
                tables.nat,
                hosts,
                adjacencies,
                new ControlConnections(take(memory, ControlConnections.bytes(ALG_MAX)), ALG_MAX, random.nextLong()),
                expectations,
                new FtpWriter(take(memory, FtpWriter.BYTES)),
                counters);
        aclFlows = new AclFlows(take(memory, AclFlows.bytes(ACL_FLOWS_MAX)), ACL_FLOWS_MAX, random.nextLong());
        acl = new AclGate(tables.acls, hosts, aclFlows, events, tap, clock);
        aclTransit = new AclTransit(tables.acls, aclFlows, acl.hits(), events, tap, clock);
        SessionTimers timers = new SessionTimers(tables.nat.connections, config.natTimers());
        traffic = new SessionTraffic(hosts, memory);
        sessions = new Sessions(
                flows,
                bindings,
                timers,
                tables,
                adjacencies,
                routes,
                hosts,
                alg,
                acl,
                new SessionLimits(tables, hosts, meters),
                clock,
                counters,
                events,
                traffic);
        aclSweep = new AclSweep(acl, sessions);
        commands = new SessionCommands(take(memory, SessionCommands.bytes()));
        tcp = new TcpTracker(sessions, counters);
        Transmitter pa = new Transmitter(
                tap,
                Side.PA,
                ports.pa(),
                batch(memory),
                counters,
                disposal,
                WorkerCounter.PA_TX_PACKETS,
                WorkerCounter.PA_TX_BYTES);
        Transmitter ext = new Transmitter(
                tap,
                Side.EXT,
                ports.ext(),
                batch(memory),
                counters,
                disposal,
                WorkerCounter.EXT_TX_PACKETS,
                WorkerCounter.EXT_TX_BYTES);
        paOutput = pa;
        extOutput = ext;
        pending = new PendingPackets(adjacencies, tap, clock, disposal);
        Fragmenter fragmenter =
                new Fragmenter(pool, take(memory, 8L * Fragmenter.PIECES_MAX), adjacencies, counters, disposal);
        UnknownHosts unknown = new UnknownHosts(tables, clock);
        egress = new Egress(
                pa,
                ext,
                adjacencies,
                pending,
                unknown,
                fragmenter,
                new Nat64Inbound(
                        new Tenant6Routes(tables, adjacencies),
                        hosts,
                        adjacencies,
                        fragmenter,
                        tap,
                        counters,
                        disposal),
                counters,
                disposal,
                ports.pa().fillsIpv4Checksums());
        limitQueues = new LimitQueues(tables.rates, meters, pool.size(), adjacencies, egress, clock, disposal);
        limiter = new Limiter(tables, hosts, meters, limitQueues, adjacencies, tap, clock, disposal);
        linesAhead = new LinesAhead(adjacencies);
        hairpin = new HairpinQueue(counters, disposal);
        ExternalOutput output = new ExternalOutput(tables, adjacencies, egress, hairpin);
        LinkInput paLink = new LinkInput(ports.pa().mac(), disposal);
        LinkInput extLink = new LinkInput(ports.ext().mac(), disposal);
        LinkReply paReply = new LinkReply(ports.pa().mac(), pa, disposal);
        LinkReply extReply = new LinkReply(ports.ext().mac(), ext, disposal);
        echo = new EchoResponder(routes, egress, output, paReply, counters, disposal);
        sizes = new SizeParts(config, tables, mtus, memory, random, clock, counters, disposal);
        ErrorLimiter limiter6 = new ErrorLimiter(config.icmpErrorsPerSecond());
        ipv6 = new Ipv6Parts(
                tables,
                hosts,
                adjacencies,
                egress,
                channel,
                ports,
                paLink,
                extLink,
                paReply,
                extReply,
                limiter6,
                limiter,
                sizes,
                handOff,
                tap,
                aclTransit,
                clock,
                counters,
                disposal,
                random.nextInt());
        ErrorLimiter limiter = new ErrorLimiter(config.icmpErrorsPerSecond());
        icmp = new IcmpSender(tables, routes, egress, output, ipv6.nat64Errors, limiter, clock, counters, disposal);
        heldSyns = new HeldSyns(config.heldSynsMax(), sessions, icmp, events, tap, clock, counters, disposal);
        renaming = new Renaming(new Identifications(take(memory, Identifications.bytes()), random.nextLong()));
        translator = new IcmpTranslator(tables, sessions, routes, egress, output, icmp, renaming, counters, disposal);
        firstPackets = new FirstPackets(take(memory, FirstPackets.bytes()), tables.records, flows, bindings.ahead());
        outboundSetup = new OutboundSetup(this, config.tcpMidstream());
        inboundSetup = new InboundSetup(this, config.tcpMidstream());
        refusals = new NatRefusals(this);
        services = new TenantServices(this, unknown, echo, channel.learning(), pool, take(memory, 8));
        router = new TenantRouter(
                routes,
                adjacencies,
                egress,
                services.local,
                icmp,
                unknown,
                sizes.mss,
                sizes.diagnosis,
                tap,
                aclTransit,
                routeCache,
                disposal);
        tenantPath = new TenantPath(this);
        fastRoutedPath = new FastRoutedPath(take(memory, FastRoutedPath.bytes()), this);
        fastTenantPath = new FastTenantPath(this);
        externalPath = new ExternalPath(this);
        fastExternalPath = new FastExternalPath(this);
        burst = new Burst(take(memory, Burst.bytes()), flows.index());
        NvgreReply innerReply = new NvgreReply(paReply, counters);
        ArpResponder paArp = new ArpResponder(
                tables,
                OwnAddresses.PROVIDER,
                ports.paId(),
                ports.pa().mac(),
                channel,
                paReply,
                innerReply,
                services.learner,
                counters,
                disposal);
        ArpResponder extArp = new ArpResponder(
                tables,
                OwnAddresses.EXTERNAL | OwnAddresses.NAT,
                ports.extId(),
                ports.ext().mac(),
                channel,
                extReply,
                innerReply,
                null,
                counters,
                disposal);
        TenantLinkArp paLinkArp = new TenantLinkArp(
                tables.tenantLinks, ports.paId(), ports.pa().mac(), channel, paReply, counters, disposal);
        TenantLinkArp extLinkArp = new TenantLinkArp(
                tables.tenantLinks, ports.extId(), ports.ext().mac(), channel, extReply, counters, disposal);
        paInput = new PaInput(
                tables,
                paLink,
                new InnerInput(sizes.fragments, tenantPath, services.broadcasts, disposal),
                ipv6.paInput,
                ipv6.innerInput,
                ipv6.backEnd,
                paArp,
                paLinkArp,
                echo,
                sizes.reassembly,
                sizes.diagnosis,
                sizes.pathMtu,
                handOff,
                tap,
                disposal);
        fastPaInput = new FastPaInput(
                tables,
                new KnownVsids(take(memory, KnownVsids.bytes()), tables.vsids, counters),
                paInput,
                ports.pa().mac());
        FrontEndInput frontEnd =
                new FrontEndInput(extLink, extLinkArp, ipv6.frontEnd, routes, router, routeCache, counters, disposal);
        extInput = new ExtInput(
                extLink, sizes.fragments, externalPath, extArp, tables.tenantLinks, frontEnd, ipv6.extInput, disposal);
        FastFrontEndInput fastFrontEnd = new FastFrontEndInput(
                take(memory, FastFrontEndInput.bytesOfMemory()),
                this,
                extInput,
                ports.ext().mac());
        fastExtInput = new FastExtInput(fastFrontEnd, extInput, ports.ext().mac());
        arpRequester = new ArpRequester(channel, pool, take(memory, 8), ports, pa, ext, counters);
        watched = new WatchedInput(
                this,
                new TapMatch(tap, tables, flows, hosts),
                new Trial(take(memory, Trial.bytes()), counters, events, bindings),
                pool,
                take(memory, 8));
        rxArray = take(memory, 8L * Burst.MAX);
    }

    /** One for each NAT connection: the policy may have as many as there are NAT addresses, and their indexes are below. */
    static Meters meters(WorkerConfig config, TableSpace.Source memory, long nowNanos) {
        int tenants = WorkerConfig.TENANTS;
        int connections = config.natAddressesMax();
        int nics = WorkerConfig.LIMITED_NICS;
        return new Meters(take(memory, Meters.bytes(tenants, connections, nics)), tenants, connections, nics, nowNanos);
    }

    private static NatBindings bindings(
            WorkerConfig config,
            RouteTables tables,
            InsideHosts hosts,
            TableSpace.Source memory,
            SecureRandom random,
            long nowMs) {
        int mappingsMax = config.sessionsMax();
        PortMaps ports = new PortMaps(
                take(memory, PortMaps.bytes(config.natAddressesMax())),
                config.natAddressesMax(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                tables.nat.rules);
        int blocksMax = config.portBlocksMax();
        int peersMax = config.peersMax();
        int hostsMax = config.hostsMax();
        return new NatBindings(
                tables.nat.connections,
                new Mappings(take(memory, Mappings.bytes(mappingsMax)), mappingsMax, random.nextLong(), nowMs),
                ports,
                new PortBlocks(
                        take(memory, PortBlocks.bytes(blocksMax)),
                        blocksMax,
                        random.nextLong(),
                        ports,
                        new PortBlockEvents(take(memory, PortBlockEvents.bytes()), hosts)),
                new Peers(take(memory, Peers.bytes(peersMax)), peersMax, random.nextLong()),
                new Subscribers(
                        new TenantUsage(take(memory, TenantUsage.bytes(WorkerConfig.TENANTS)), WorkerConfig.TENANTS),
                        new HostUsage(take(memory, HostUsage.bytes(hostsMax)), hostsMax, random.nextLong()),
                        tables.nat.quotas),
                hosts);
    }

    private static MbufBatch batch(TableSpace.Source memory) {
        return new MbufBatch(take(memory, 8L * Burst.MAX), Burst.MAX);
    }

    private static long take(TableSpace.Source memory, long bytes) {
        return memory.allocate(bytes, ALIGNMENT);
    }
}
