package net.nvgate.gateway.kept;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Kinds of rows, in the order in which a worker's are read back. Rows name tenants by the domain that they had; what a domain was is told by
 * its {@link #TENANT}. Byte order is the machine's, as the file never leaves it.
 */
@SuppressWarnings("EnumOrdinal") // The order is part of the layout.
public enum KeptKind {
    /** A routing domain. */
    TENANT(24, "0 domain (i64) 8 RDID (2 i64)"),
    /** From here on rows are another worker's: handles of hosts begin anew. */
    WORKER(8, "0 number (i64)"),
    /** Since when no mapping was lost that clients of a tenant asked for by PCP. */
    EPOCH(16, "0 domain (i64) 8 age, ms (i64)"),
    /** An IPv6 host of IPv4 servers, by whose handle other rows of the worker name it. */
    HOST(48, "0 handle (i32) 4 domain (i32) 8 address (2 i64) 24 prefix (2 i64) 40 prefix length (i32)"),
    /** Ports of an external address that rest. */
    RESTING(80, "0 address (i32) 4 protocol (i32) 8 first port (i32) 12 unused (i32) 16 a bit for each of 512 ports"),
    /** An endpoint-independent mapping. */
    MAPPING(
            24,
            "0 CA | external address (i64) 8 port | flags | domain | protocol (i64) 16 external port (i32)"
                    + " 20 of its host's connection, 0 or 1 (i32)"),
    /** A session. */
    SESSION(
            48,
            "0 CA | remote (i64) 8 port | remote port | domain | protocol (i64) 16 external address (i32) 20 external port (u16)"
                    + " 22 state (u8) 23 flags (u8) 24 related (u8) 25 window scales (u8) 26 policy has ended it: 1 (u8)"
                    + " 28 idle, ms (i32) 32 outbound window (i32) 36 inbound window (i32) 40 age, ms (i64);"
                    + " states of SessionState 1, flags of Session 1"),
    /** What is known of a control connection, after its session. */
    CONTROL(
            48,
            "0 CA | remote (i64) 8 port | remote port | domain | protocol (i64) 16 bytes 16-47 of ControlConnections"),
    /** A mapping that a client asked for by PCP, after the mapping. */
    PCP(72, "0 CA | 0 (i64) 8 port | 0 | domain | protocol (i64) 16 bytes 16-63 of PcpTable 64 ms to its end (i64)");

    static final KeptKind[] ALL = values();

    private final int bytes;
    private final String layout;

    KeptKind(int bytes, String layout) {
        this.bytes = bytes;
        this.layout = layout;
    }

    /** Of a row, a multiple of 8. */
    public int bytes() {
        return bytes;
    }

    /** Differs where rows do: who finds another one in a file cannot read it. */
    static int layoutHash() {
        CRC32C crc = new CRC32C();
        for (KeptKind kind : ALL) {
            crc.update((kind.name() + kind.bytes + kind.layout).getBytes(StandardCharsets.UTF_8));
        }
        return (int) crc.getValue();
    }
}
