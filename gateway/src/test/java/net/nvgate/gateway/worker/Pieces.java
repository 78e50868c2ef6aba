package net.nvgate.gateway.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Cuts IPv4 packets into fragments and puts fragments together, by RFC 791 §3.2. */
final class Pieces {

    private Pieces() {}

    /** Fragments of a packet with at most {@code size} bytes of payload each, in order. */
    static List<byte[]> cut(byte[] ip, int size) {
        List<byte[]> pieces = new ArrayList<>();
        int payload = ip.length - 20;
        for (int at = 0; at < payload; at += size & ~7) {
            pieces.add(piece(ip, at, Math.min(payload, at + (size & ~7))));
        }
        return pieces;
    }

    /** Fragments of random sizes, the first of which has at least {@code least} bytes of payload, in order. */
    static List<byte[]> cut(byte[] ip, int least, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        int payload = ip.length - 20;
        int at = 0;
        while (at < payload) {
            int size = 8 * (1 + random.nextInt(100));
            int end = Math.min(payload, at + Math.max(size, at == 0 ? least : 0));
            pieces.add(piece(ip, at, end));
            at = end;
        }
        return pieces;
    }

    /** The fragment with the payload's bytes {@code from} to {@code to}. */
    static byte[] piece(byte[] ip, int from, int to) {
        byte[] piece = Arrays.copyOf(ip, 20 + to - from);
        System.arraycopy(ip, 20 + from, piece, 20, to - from);
        boolean more = 20 + to < ip.length;
        int word = from / 8 | (more ? 0x2000 : 0);
        piece[2] = (byte) (piece.length >>> 8);
        piece[3] = (byte) piece.length;
        piece[6] = (byte) (word >>> 8);
        piece[7] = (byte) word;
        return Wire.fixIp(piece);
    }

    /** The packet that fragments in any order make; fails if they are not all of one datagram, without overlap, and right. */
    static byte[] join(List<byte[]> pieces) {
        int payload = 0;
        for (byte[] piece : pieces) {
            Wire.requireRight(piece);
            payload += piece.length - 20;
        }
        byte[] ip = Arrays.copyOf(pieces.getFirst(), 20 + payload);
        boolean[] seen = new boolean[payload];
        for (byte[] piece : pieces) {
            int offset = (Wire.u16(piece, 6) & 0x1fff) * 8;
            require(Wire.u16(piece, 4) == Wire.u16(ip, 4), "identification");
            require(Arrays.equals(Wire.slice(piece, 12, 8), Wire.slice(ip, 12, 8)), "addresses");
            boolean last = (Wire.u16(piece, 6) & 0x2000) == 0;
            require(last == (offset + piece.length - 20 == payload), "end");
            for (int i = 20; i < piece.length; i++) {
                require(!seen[offset + i - 20], "overlap");
                seen[offset + i - 20] = true;
                ip[offset + i] = piece[i];
            }
        }
        ip[2] = (byte) (ip.length >>> 8);
        ip[3] = (byte) ip.length;
        ip[6] = 0;
        ip[7] = 0;
        Wire.requireRight(Wire.fixIp(ip));
        return ip;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("wrong " + what);
        }
    }
}
