package net.nvgate.gateway.alg;

import net.nvgate.gateway.dpdk.Mem;

/** Writes what stands in an {@link FtpLine} after translation, into memory of its own. Of one worker. */
public final class FtpWriter {

    /** "PORT 255,255,255,255,255,255" is the longest. */
    public static final int BYTES = 32;

    private final long memory;
    private int length;

    /** {@link #BYTES} of memory. */
    public FtpWriter(long memory) {
        this.memory = memory;
    }

    /** Address of the text written last. */
    public long text() {
        return memory;
    }

    public int length() {
        return length;
    }

    /** For what a line of a kind says, the same of another endpoint. */
    public void write(FtpLine line, int kind, int address, int port) {
        length = 0;
        switch (kind) {
            case FtpLine.EPRT_IPV4 -> {
                for (int shift = 24; shift >= 0; shift -= 8) {
                    number(address >>> shift & 255);
                    put(shift == 0 ? line.delimiter() : '.');
                }
                number(port);
            }
            case FtpLine.EXTENDED_PASSIVE -> number(port);
            case FtpLine.EPRT_IPV6 -> {
                put('P');
                put('O');
                put('R');
                put('T');
                put(' ');
                hostAndPort(address, port);
            }
            default -> hostAndPort(address, port);
        }
    }

    private void hostAndPort(int address, int port) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            number(address >>> shift & 255);
            put(',');
        }
        number(port >>> 8);
        put(',');
        number(port & 255);
    }

    private void number(int value) {
        int divisor = 1;
        while (value / divisor >= 10) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            put('0' + value / divisor % 10);
        }
    }

    private void put(int c) {
        Mem.u8(memory + length, c);
        length++;
    }
}
