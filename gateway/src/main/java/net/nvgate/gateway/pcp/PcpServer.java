package net.nvgate.gateway.pcp;

import java.io.IOException;
import java.util.Arrays;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.kept.KeptWriter;
import net.nvgate.gateway.packet.Ipv4;

/**
 * Answers PCP requests (RFC 6887 §8.2): ANNOUNCE, and MAP for TCP and UDP with PREFER_FAILURE and FILTER. PEER and THIRD_PARTY
 * are refused as unsupported. Works in the message's own memory. Used by one worker.
 */
public final class PcpServer {

    public static final int PORT = Pcp.PORT;
    /** No answer is due. */
    public static final int SILENT = 0;

    private static final long UNKNOWN = Long.MIN_VALUE;
    private static final long LIFETIME_MIN = 120;
    private static final long LIFETIME_MAX = 86_400;
    private static final int V4_MAPPED_PREFIX = 96;

    private final PcpMappings mappings;
    private final PcpMapRequest request = new PcpMapRequest();
    private final long startedMs;
    /** By tenant, {@link #UNKNOWN} = no client has heard of its epoch. */
    private final long[] begunMs;

    /**
     * A server none of whose clients has a mapping.
     *
     * @param startedMs on the worker's clock: since then no mapping was lost
     * @param tenantsMax tenants beyond share an epoch
     */
    public PcpServer(PcpMappings mappings, long startedMs, int tenantsMax) {
        this.mappings = mappings;
        this.startedMs = startedMs;
        this.begunMs = new long[tenantsMax + 1];
        Arrays.fill(begunMs, UNKNOWN);
    }

    /**
     * Writes since when no mapping of a tenant was lost (§8.5). Each tenant's clients are told their own epoch: what one loses does not
     * matter to others, and the tenant may be another worker's after a restart.
     */
    public void save(KeptWriter out, long nowMs) throws IOException {
        for (int i = 0; i < begunMs.length; i++) {
            if (begunMs[i] != UNKNOWN) {
                long row = out.row(KeptKind.EPOCH);
                Mem.i64(row, i);
                Mem.i64(row + 8, nowMs - begunMs[i]);
            }
        }
    }

    /** The epoch of a tenant goes on as it was said to be in a row of {@link #save}. */
    public void goesOn(long row, int domain, long elapsedMs, long nowMs) {
        begunMs[index(domain)] = nowMs - elapsedMs - Mem.i64(row + 8);
    }

    /** A mapping of a tenant is lost: its clients shall ask again. */
    public void lost(int domain, long nowMs) {
        begunMs[index(domain)] = nowMs;
    }

    /** Mappings of any tenant may be lost: the epoch of all is that of the process. */
    public void allLost() {
        Arrays.fill(begunMs, UNKNOWN);
    }

    private int index(int domain) {
        return Math.min(domain, begunMs.length - 1);
    }

    private long epochMs(int domain, long nowMs) {
        int index = index(domain);
        if (begunMs[index] == UNKNOWN) {
            begunMs[index] = startedMs;
        }
        return nowMs - begunMs[index];
    }

    /**
     * Answers a request in its own memory.
     *
     * @param message address of the UDP payload
     * @param length its bytes
     * @param room bytes that may be written, at least {@link Pcp#HEADER}
     * @return bytes of the answer, {@link #SILENT} when none is due (§8.2: too short, or itself a response)
     */
    public int answer(long message, int length, int room, int domain, int client, long nowMs) {
        if (length < 2 || Pcp.isResponse(message) || room < Pcp.HEADER) {
            return SILENT;
        }
        int epoch = (int) (epochMs(domain, nowMs) / 1_000);
        int opcode = Pcp.opcode(message);
        int whole = length;
        if (length < Pcp.HEADER) {
            // A short or NAT-PMP request is answered with a whole header (§8.2, appendix A).
            for (int i = length; i < Pcp.HEADER; i++) {
                Mem.u8(message + i, 0);
            }
            whole = Pcp.HEADER;
        }
        int result = header(message, length, client);
        if (result == PcpResult.SUCCESS) {
            result = switch (opcode) {
                case Pcp.ANNOUNCE -> PcpResult.SUCCESS;
                case Pcp.MAP -> map(message, length, domain, client);
                default -> PcpResult.UNSUPPORTED_OPCODE;
            };
        }
        long lifetime = result != PcpResult.SUCCESS
                ? PcpResult.errorLifetime(result)
                : opcode == Pcp.MAP ? request.lifetime : 0;
        Pcp.respond(message, opcode, result, lifetime, epoch);
        return Math.min(whole & ~3, Pcp.LENGTH_MAX & ~3);
    }

    private static int header(long message, int length, int client) {
        if (Pcp.version(message) != Pcp.VERSION) {
            return PcpResult.UNSUPPORTED_VERSION;
        }
        if (length < Pcp.HEADER || length > Pcp.LENGTH_MAX || (length & 3) != 0) {
            return PcpResult.MALFORMED_REQUEST;
        }
        long address = message + 8;
        return Pcp.isV4Mapped(address) && Pcp.v4(address) == client ? PcpResult.SUCCESS : PcpResult.ADDRESS_MISMATCH;
    }

    private int map(long message, int length, int domain, int client) {
        if (length < Pcp.HEADER + Pcp.MAP_LENGTH) {
            return PcpResult.MALFORMED_REQUEST;
        }
        long map = message + Pcp.HEADER;
        read(message, map, domain, client);
        int result = options(map + Pcp.MAP_LENGTH, message + length);
        if (result != PcpResult.SUCCESS) {
            return result;
        }
        if (request.protocol == 0 && request.internalPort != 0) {
            return PcpResult.MALFORMED_REQUEST;
        }
        if (request.lifetime == 0) {
            return unmap(map);
        }
        if (request.protocol != Ipv4.TCP && request.protocol != Ipv4.UDP) {
            return PcpResult.UNSUPPORTED_PROTOCOL;
        }
        if (request.internalPort == 0) {
            // All ports of a protocol would be a whole external address, which is a 1:1 NAT and the fabric's to give.
            return PcpResult.CANNOT_PROVIDE_EXTERNAL;
        }
        request.lifetime = Math.clamp(request.lifetime, LIFETIME_MIN, LIFETIME_MAX);
        result = mappings.map(request);
        if (result == PcpResult.SUCCESS) {
            Mem.u16Be(map + 18, request.externalPort);
            Pcp.v4Mapped(map + 20, request.externalAddress);
        }
        return result;
    }

    private int unmap(long map) {
        if (request.preferFailure || request.filters > 0) {
            return PcpResult.MALFORMED_OPTION;
        }
        int result = mappings.unmap(request);
        if (result == PcpResult.SUCCESS) {
            request.lifetime = 0;
            Mem.u16Be(map + 18, 0);
        }
        return result;
    }

    private void read(long message, long map, int domain, int client) {
        request.domain = domain;
        request.client = client;
        request.lifetime = Pcp.lifetime(message);
        request.nonceHigh = Mem.i64Be(map);
        request.nonceLow = Mem.i32Be(map + 8);
        request.protocol = Mem.u8(map + 12);
        request.internalPort = Mem.u16Be(map + 16);
        request.externalPort = Mem.u16Be(map + 18);
        request.externalAddress = Pcp.isV4Mapped(map + 20) ? Pcp.v4(map + 20) : 0;
        request.preferFailure = false;
        request.filters = 0;
    }

    private int options(long option, long end) {
        int result = PcpResult.SUCCESS;
        while (option < end && result == PcpResult.SUCCESS) {
            if (end - option < Pcp.OPTION_HEADER) {
                return PcpResult.MALFORMED_OPTION;
            }
            int length = Mem.u16Be(option + 2);
            long data = option + Pcp.OPTION_HEADER;
            if (end - data < ((length + 3) & ~3)) {
                return PcpResult.MALFORMED_OPTION;
            }
            result = option(Mem.u8(option), data, length);
            option = data + ((length + 3) & ~3);
        }
        return result;
    }

    private int option(int code, long data, int length) {
        if (code == Pcp.PREFER_FAILURE) {
            if (length != 0 || request.preferFailure || request.externalPort == 0) {
                return PcpResult.MALFORMED_OPTION;
            }
            request.preferFailure = true;
            return PcpResult.SUCCESS;
        }
        if (code == Pcp.FILTER) {
            return length == Pcp.FILTER_LENGTH ? filter(data) : PcpResult.MALFORMED_OPTION;
        }
        return code < Pcp.OPTION_OPTIONAL ? PcpResult.UNSUPPORTED_OPTION : PcpResult.SUCCESS;
    }

    /** §13.3: reserved (8), prefix length (8), remote port (16), remote address (128); length 0 removes the filters before. */
    private int filter(long data) {
        int length = Mem.u8(data + 1);
        if (length == 0) {
            request.filters = 0;
            return PcpResult.SUCCESS;
        }
        if (length < V4_MAPPED_PREFIX || length > 128 || !Pcp.isV4Mapped(data + 4)) {
            return PcpResult.MALFORMED_OPTION;
        }
        if (request.filters == PcpMapRequest.FILTERS_MAX) {
            return PcpResult.NO_RESOURCES;
        }
        request.filterLength[request.filters] = length - V4_MAPPED_PREFIX;
        request.filterPort[request.filters] = Mem.u16Be(data + 2);
        request.filterAddress[request.filters] = Pcp.v4(data + 4);
        request.filters++;
        return PcpResult.SUCCESS;
    }
}
