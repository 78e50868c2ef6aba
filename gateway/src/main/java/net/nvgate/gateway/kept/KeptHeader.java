package net.nvgate.gateway.kept;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What the first bytes of the file say.
 *
 * <pre>
 *  0 "nvgkept1" (i64)   8 hash of the rows' layout (i32)   12 0 (i32)   16 written at, ms since 1970 (i64)   24 policy revision (i64)
 * 32 SHA-256 of node and fabric (32)   64 blocks (i64)   72 CRC-32C of all blocks (i32)   76 CRC-32C of 0-75 (i32)
 * </pre>
 *
 * @param writtenAtMs wall clock
 * @param revision of the policy that the sessions were made by
 * @param identity see {@link #identity}
 * @param crc of all blocks
 */
record KeptHeader(long writtenAtMs, long revision, String identity, long blocks, int crc) {

    static final int BYTES = 4096;
    private static final int USED = 80;
    private static final long MAGIC = 0x3174_7065_6b67_766eL;
    private static final int IDENTITY_BYTES = 32;

    /** Whose sessions they are: of one gateway in one fabric. */
    static String identity(String node, String fabric) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((node + '\0' + fabric).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    ByteBuffer encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(KeptKind.layoutHash()).putInt(0).putLong(writtenAtMs);
        bytes.putLong(revision).put(HexFormat.of().parseHex(identity)).putLong(blocks);
        bytes.putInt(crc);
        bytes.putInt(crcOf(bytes.array()));
        return bytes.rewind();
    }

    /** @throws RefusedException if it is none that this software has written */
    static KeptHeader decoded(byte[] raw) throws RefusedException {
        ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        if (raw.length < BYTES || bytes.getLong(0) != MAGIC) {
            throw new RefusedException(RefusedException.Reason.FOREIGN, "it is no file of kept sessions");
        }
        if (bytes.getInt(USED - 4) != crcOf(raw)) {
            throw new RefusedException(RefusedException.Reason.CORRUPT, "its header is damaged");
        }
        if (bytes.getInt(8) != KeptKind.layoutHash()) {
            throw new RefusedException(
                    RefusedException.Reason.OTHER_LAYOUT, "another version of nvgate has written it in another layout");
        }
        byte[] identity = Arrays.copyOfRange(raw, IDENTITY_BYTES, 2 * IDENTITY_BYTES);
        return new KeptHeader(
                bytes.getLong(16),
                bytes.getLong(24),
                HexFormat.of().formatHex(identity),
                bytes.getLong(64),
                bytes.getInt(72));
    }

    private static int crcOf(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, USED - 4);
        return (int) crc.getValue();
    }
}
