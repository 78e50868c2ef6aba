package net.nvgate.gateway.dpdk;

/** Byte arrays in and out of mbufs, for tests. */
public final class Frames {

    private Frames() {}

    /** A frame for a local unicast MAC, of an experimental EtherType, filled with a count that starts at {@code seed}. */
    public static byte[] counting(int length, int seed) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i + seed);
        }
        frame[0] = 2;
        frame[6] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }

    /** Makes a fresh mbuf hold the frame. */
    public static void write(long mbuf, byte[] frame) {
        long address = Mbuf.append(mbuf, frame.length);
        if (address == 0) {
            throw new AssertionError("frame of " + frame.length + " bytes does not fit");
        }
        for (int i = 0; i < frame.length; i++) {
            Mem.u8(address + i, frame[i]);
        }
    }

    /** The data of a packet of one segment. */
    public static byte[] read(long mbuf) {
        byte[] frame = new byte[Mbuf.dataLength(mbuf)];
        long address = Mbuf.dataAddress(mbuf);
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) Mem.u8(address + i);
        }
        return frame;
    }
}
