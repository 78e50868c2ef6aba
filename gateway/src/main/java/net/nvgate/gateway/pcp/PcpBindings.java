package net.nvgate.gateway.pcp;

import java.io.IOException;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.kept.KeptWriter;
import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat.NatRefusal;
import net.nvgate.gateway.nat.Subscribers;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.NatTable;
import org.jspecify.annotations.Nullable;

/**
 * PCP's mappings in the NAT: explicit ones of the tenant's NAT connections, under its quotas (RFC 6887 §11.3). What policy says of an
 * endpoint, a port forward or a 1:1 pair, is answered as it is and cannot be ended by a client. Used by one worker.
 */
public final class PcpBindings implements PcpMappings {

    private static final int SWEEP = 16;

    private final NatTable nat;
    private final NatBindings bindings;
    private final PcpTable table;
    private long nowMs;
    private int swept;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public PcpBindings(NatTable nat, NatBindings bindings, long memory, int entriesMax, long seed) {
        this.nat = nat;
        this.bindings = bindings;
        this.table = new PcpTable(memory, entriesMax, seed);
    }

    public static long bytes(int entriesMax) {
        return PcpTable.bytes(entriesMax);
    }

    /** Time of the request at hand, on the worker's clock. */
    public void now(long ms) {
        nowMs = ms;
    }

    @Override
    public int map(PcpMapRequest request) {
        if (isFixed(request)) {
            return request.filters == 0 ? PcpResult.SUCCESS : PcpResult.CANNOT_PROVIDE_EXTERNAL;
        }
        long entry = entry(request);
        if (entry != 0 && !PcpTable.isOwner(entry, request)) {
            return PcpResult.NOT_AUTHORIZED;
        }
        long there = bindings.mappingOf(request.domain, request.client, request.internalPort, request.protocol);
        int wanted = request.externalPort == 0 ? request.internalPort : request.externalPort;
        if (request.preferFailure && there != 0 && !isAsWanted(there, request)) {
            return PcpResult.CANNOT_PROVIDE_EXTERNAL;
        }
        if (entry == 0 && isShareUsedUp(request.domain)) {
            return PcpResult.USER_EXCEEDED_QUOTA;
        }
        long deadline = nowMs + 1_000 * request.lifetime;
        long mapping = bindings.map(
                request.domain, request.client, request.internalPort, request.protocol, wanted, deadline, nowMs);
        if (mapping == 0) {
            return result(bindings.refusal());
        }
        if (request.preferFailure && !isAsWanted(mapping, request)) {
            bindings.unmap(mapping, nowMs);
            return PcpResult.CANNOT_PROVIDE_EXTERNAL;
        }
        if (entry == 0) {
            entry = table.create(
                    request.domain,
                    request.client,
                    request.internalPort,
                    request.protocol,
                    request.nonceHigh,
                    request.nonceLow);
            if (entry == 0) {
                bindings.unmap(mapping, nowMs);
                return PcpResult.NO_RESOURCES;
            }
        }
        PcpTable.filters(entry, request);
        request.externalPort = Mappings.externalPort(mapping);
        request.externalAddress = Mappings.externalAddress(mapping);
        return PcpResult.SUCCESS;
    }

    /** One tenant alone leaves a quarter of the table to others, as {@link Subscribers} does with sessions. */
    private boolean isShareUsedUp(int domain) {
        long free = (long) table.capacity() - table.used();
        return bindings.subscribers().tenants().explicitMappings(domain) >= Subscribers.SHARE * free;
    }

    /** Policy's own mapping of the endpoint, if there is one; answered with its external endpoint. */
    private boolean isFixed(PcpMapRequest request) {
        long pair = nat.oneToOnes.inside(request.domain, request.client);
        if (pair != 0) {
            request.externalAddress = NatOneToOnes.externalIp(pair);
            request.externalPort = request.internalPort;
            return true;
        }
        long rule = nat.rules.inside(request.domain, request.client, 0, 0, request.protocol, request.internalPort, 0);
        if (rule != 0) {
            request.externalAddress = NatRuleEntry.externalIp(rule);
            request.externalPort = NatRuleEntry.externalPort(rule, request.internalPort);
            return true;
        }
        return false;
    }

    private static boolean isAsWanted(long mapping, PcpMapRequest request) {
        return Mappings.externalPort(mapping) == request.externalPort
                && (request.externalAddress == 0 || Mappings.externalAddress(mapping) == request.externalAddress);
    }

    private static int result(@Nullable NatRefusal refusal) {
        return switch (refusal) {
            case null -> PcpResult.NETWORK_FAILURE;
            case NO_CONNECTION, SOURCE_NOT_SERVED -> PcpResult.NOT_AUTHORIZED;
            case PORTS_EXHAUSTED, MAPPINGS_FULL, HOSTS_FULL -> PcpResult.NO_RESOURCES;
            default -> PcpResult.USER_EXCEEDED_QUOTA;
        };
    }

    @Override
    public int unmap(PcpMapRequest request) {
        if (request.protocol == 0 || request.internalPort == 0) {
            return unmapAll(request);
        }
        if (isFixed(request)) {
            return PcpResult.NOT_AUTHORIZED;
        }
        long entry = entry(request);
        if (entry == 0) {
            return PcpResult.SUCCESS;
        }
        if (!PcpTable.isOwner(entry, request)) {
            return PcpResult.NOT_AUTHORIZED;
        }
        end(entry);
        return PcpResult.SUCCESS;
    }

    /** Every mapping of the client with this nonce, of one protocol or of all (§15.1: protocol or internal port 0). */
    private int unmapAll(PcpMapRequest request) {
        for (int i = 0; i < table.touched(); i++) {
            long entry = table.address(i);
            if (PcpTable.isInUse(entry)
                    && PcpTable.domain(entry) == request.domain
                    && PcpTable.ca(entry) == request.client
                    && (request.protocol == 0 || PcpTable.protocol(entry) == request.protocol)
                    && PcpTable.isOwner(entry, request)) {
                end(entry);
            }
        }
        return PcpResult.SUCCESS;
    }

    private void end(long entry) {
        long mapping = mapping(entry);
        if (mapping != 0) {
            bindings.unmap(mapping, nowMs);
        }
        table.remove(entry);
    }

    /** The living entry of the request's endpoint; one whose mapping has ended is nobody's. */
    private long entry(PcpMapRequest request) {
        long entry = table.find(request.domain, request.client, request.internalPort, request.protocol);
        if (entry != 0 && mapping(entry) == 0) {
            table.remove(entry);
            return 0;
        }
        return entry;
    }

    /** The explicit mapping of an entry, 0 when it has ended. */
    private long mapping(long entry) {
        long mapping = bindings.mappingOf(
                PcpTable.domain(entry), PcpTable.ca(entry), PcpTable.port(entry), PcpTable.protocol(entry));
        return mapping != 0 && Mappings.isExplicit(mapping) ? mapping : 0;
    }

    /** Whether a remote endpoint may come in by a mapping (§13.3). */
    public boolean admits(long mapping, int remote, int remotePort) {
        long entry = table.find(
                Mappings.domain(mapping), Mappings.ca(mapping), Mappings.port(mapping), Mappings.protocol(mapping));
        return entry == 0 || PcpTable.admits(entry, remote, remotePort);
    }

    /** Every millisecond or so: forgets a few entries whose mapping has ended. */
    public void keepHouse() {
        for (int i = 0; i < SWEEP && table.used() > 0; i++) {
            swept = (swept + 1) % table.touched();
            long entry = table.address(swept);
            if (PcpTable.isInUse(entry) && mapping(entry) == 0) {
                table.remove(entry);
            }
        }
    }

    /** Writes what clients have, with the time that each has left. */
    public void save(KeptWriter out, long nowMs) throws IOException {
        for (int i = 0; i < table.touched(); i++) {
            long entry = table.address(i);
            long mapping = PcpTable.isInUse(entry) ? mapping(entry) : 0;
            if (mapping != 0) {
                long row = out.row(KeptKind.PCP);
                Mem.copy(entry, row, 16);
                PcpTable.save(entry, row + 16);
                Mem.i64(row + 64, bindings.deadline(mapping) - nowMs);
            }
        }
    }

    /**
     * A client has again what a row says, until the time that was set; its mapping is there.
     *
     * @param domain that its tenant has now
     * @param elapsedMs since the row was written
     * @return false if it has it no more, though its time is not over
     */
    public boolean restore(long row, int domain, long elapsedMs, long nowMs) {
        long left = Mem.i64(row + 64) - elapsedMs;
        if (left <= 0) {
            return true;
        }
        int ca = PcpTable.ca(row);
        int port = PcpTable.port(row);
        int protocol = PcpTable.protocol(row);
        long mapping = bindings.mappingOf(domain, ca, port, protocol);
        if (mapping == 0 || table.find(domain, ca, port, protocol) != 0 || !bindings.mapAgain(mapping, nowMs + left)) {
            return false;
        }
        long entry = table.create(domain, ca, port, protocol, Mem.i64(row + 16), Mem.i32(row + 24));
        if (entry == 0) {
            bindings.unmap(mapping, nowMs);
            return false;
        }
        PcpTable.restore(entry, row + 16);
        return true;
    }

    /** Endpoints with a mapping by PCP. */
    public int used() {
        return table.used();
    }
}
