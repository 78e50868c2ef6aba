package net.nvgate.gateway.bench;

import java.util.SplittableRandom;
import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.TableMemory;

/**
 * Packets to be sent one after another, again and again, as they are. Of each it keeps the words of 8 bytes in which the packets of its
 * {@link Form} differ; the others are kept once. So a large list costs the memory bus little, and still every byte of the headers is
 * written into the mbuf each time.
 *
 * <pre>
 *  each:  the words of its form, in their order   ANY: the frame's length (i64), and all words
 *  then:  a frame, as {@link #put} takes and {@link #get} gives it
 * </pre>
 */
final class PacketList implements AutoCloseable {

    /** Bytes of a frame that are written, which hold all headers; behind them it is zero. */
    static final int KEPT = 88;

    private static final int WORDS = KEPT / 8;
    private static final int FRAME = 2_048;
    private static final int LINE = 64;

    /** Smaller lists stay in the second-level cache, where waiting for them is not worth a loop. */
    private static final long TOUCHED_FROM = 512 << 10;

    /** Which packets a list has. */
    enum Form {
        /** NVGRE, all of one length: MACs of hosts, outer checksum and source, VSID, inner source, ports, checksums. */
        TUNNEL(64, 1, 3, 4, 5, 6, 8, 9, 10),
        /** Untagged IPv4 from one neighbour, all of one length, with 64 bytes of headers at most: checksums, addresses, ports. */
        UNTAGGED(24, 3, 4, 5),
        /** Whatever else there is. */
        ANY(8 + KEPT, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

        private final int stride;

        @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it, and nobody else has it
        private final int[] words;

        Form(int stride, int... words) {
            this.stride = stride;
            this.words = words;
        }
    }

    private final Form form;
    private final long memory;
    private final long frame;
    private final int size;
    /** What all packets have in common, where the form has it. */
    private final long[] common = new long[WORDS];

    private int bytes;
    private long touched;

    PacketList(Form form, int size) {
        this.form = form;
        this.size = size;
        long packets = ((long) form.stride * size + LINE - 1) & -LINE;
        this.memory = TableMemory.allocate(packets + FRAME, LINE);
        this.frame = memory + packets;
    }

    int size() {
        return size;
    }

    /** Address of a frame for {@link #put} and {@link #get}; what was never written to it is zero. */
    long frame() {
        return frame;
    }

    /**
     * Packet {@code i} is what is in {@link #frame}.
     *
     * @param length of the frame, bytes
     */
    void put(int i, int length) {
        long at = at(i);
        if (form == Form.ANY) {
            Mem.i64(at, length);
            at += 8;
        } else if (bytes == 0) {
            bytes = length;
            for (int word = 0; word < WORDS; word++) {
                common[word] = Mem.i64(frame + 8L * word);
            }
        }
        int next = 0;
        for (int word = 0; word < WORDS; word++) {
            long value = Mem.i64(frame + 8L * word);
            if (next < form.words.length && form.words[next] == word) {
                Mem.i64(at + 8L * next++, value);
            } else if (value != common[word] || length != bytes) {
                throw new IllegalArgumentException("word " + word + " of packet " + i + " is none of those of " + form);
            }
        }
    }

    /** Puts packet {@code i} into {@link #frame}; its length. */
    int get(int i) {
        boolean any = form == Form.ANY;
        long at = any ? at(i) + 8 : at(i);
        for (int word = 0; word < WORDS; word++) {
            Mem.i64(frame + 8L * word, common[word]);
        }
        for (int next = 0; next < form.words.length; next++) {
            Mem.i64(frame + 8L * form.words[next], Mem.i64(at + 8L * next));
        }
        return any ? (int) Mem.i64(at(i)) : bytes;
    }

    /**
     * Writes packets into mbufs as a driver finds them, see {@link Mbuf#arrived}.
     *
     * @param array addresses of {@code count} mbufs as their pool keeps them
     * @param port word of {@link Mbuf#arrival}
     */
    void write(int first, long array, int count, long port) {
        if ((long) form.stride * size > TOUCHED_FROM) {
            touch(at(first), at(first + count));
        }
        switch (form) {
            case TUNNEL -> writeTunnel(first, array, count, port);
            case UNTAGGED -> writeUntagged(first, array, count, port);
            case ANY -> writeAny(first, array, count, port);
        }
    }

    /** Lets the cache misses of a burst's packets overlap. */
    private void touch(long from, long to) {
        long sum = 0;
        for (long at = from & -LINE; at < to; at += LINE) {
            sum += Mem.i64(at);
        }
        touched += sum;
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }

    private void writeTunnel(int first, long array, int count, long port) {
        long word0 = common[0];
        long word2 = common[2];
        long word7 = common[7];
        int length = bytes;
        for (int i = 0; i < count; i++) {
            long at = memory + 64L * (first + i);
            long data = Mbuf.arrived(Mem.i64(array + 8L * i), port, length);
            Mem.i64(data, word0);
            Mem.i64(data + 8, Mem.i64(at));
            Mem.i64(data + 16, word2);
            Mem.i64(data + 24, Mem.i64(at + 8));
            Mem.i64(data + 32, Mem.i64(at + 16));
            Mem.i64(data + 40, Mem.i64(at + 24));
            Mem.i64(data + 48, Mem.i64(at + 32));
            Mem.i64(data + 56, word7);
            Mem.i64(data + 64, Mem.i64(at + 40));
            Mem.i64(data + 72, Mem.i64(at + 48));
            Mem.i64(data + 80, Mem.i64(at + 56));
        }
    }

    private void writeUntagged(int first, long array, int count, long port) {
        long word0 = common[0];
        long word1 = common[1];
        long word2 = common[2];
        long word6 = common[6];
        long word7 = common[7];
        int length = bytes;
        for (int i = 0; i < count; i++) {
            long at = memory + 24L * (first + i);
            long data = Mbuf.arrived(Mem.i64(array + 8L * i), port, length);
            Mem.i64(data, word0);
            Mem.i64(data + 8, word1);
            Mem.i64(data + 16, word2);
            Mem.i64(data + 24, Mem.i64(at));
            Mem.i64(data + 32, Mem.i64(at + 8));
            Mem.i64(data + 40, Mem.i64(at + 16));
            Mem.i64(data + 48, word6);
            Mem.i64(data + 56, word7);
        }
    }

    private void writeAny(int first, long array, int count, long port) {
        for (int i = 0; i < count; i++) {
            long at = at(first + i);
            long data = Mbuf.arrived(Mem.i64(array + 8L * i), port, (int) Mem.i64(at));
            for (int word = 0; word < WORDS; word++) {
                Mem.i64(data + 8L * word, Mem.i64(at + 8 + 8L * word));
            }
        }
    }

    private long at(int i) {
        return memory + (long) form.stride * i;
    }

    /** Puts them in another order, the same for the same seed: sessions are not met in the order in which they were made. */
    void shuffle(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = size - 1; i > 0; i--) {
            long a = at(i);
            long b = at(random.nextInt(i + 1));
            for (int at = 0; at < form.stride; at += 8) {
                long word = Mem.i64(a + at);
                Mem.i64(a + at, Mem.i64(b + at));
                Mem.i64(b + at, word);
            }
        }
    }

    @Override
    public void close() {
        TableMemory.free(memory);
    }
}
