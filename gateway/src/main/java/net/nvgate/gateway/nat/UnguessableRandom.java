package net.nvgate.gateway.nat;

/**
 * Numbers that who sees some of them cannot tell the next from (RFC 6056 §3.1, RFC 6888 REQ-15): SipHash-2-4 (Aumasson and Bernstein,
 * 2012) of a counter under a secret key.
 */
final class UnguessableRandom {

    /** Of a word that is drawn, each half is a number. */
    private static final int HALF = 32;

    private static final long LOW = 0xffff_ffffL;

    private final long key0;
    private final long key1;
    private long counter;
    private long word;

    UnguessableRandom(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** 0..bound-1; the bias is below 2^-16 for bounds up to 2^16. */
    int below(int bound) {
        boolean fresh = (counter & 1) == 0;
        word = fresh ? draw(counter) : word >>> HALF;
        counter++;
        return (int) (((word & LOW) * bound) >>> HALF);
    }

    private long draw(long block) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L ^ block;
        for (int round = 0; round < 8; round++) {
            // Two rounds with the counter, two with the length's block (8 bytes), four to finish.
            if (round == 2) {
                v0 ^= block;
                v3 ^= 8L << 56;
            } else if (round == 4) {
                v0 ^= 8L << 56;
                v2 ^= 0xff;
            }
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
