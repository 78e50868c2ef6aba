package net.nvgate.gateway.worker;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes frames that a gateway has not seen: seeds and its own output, turned round, cut, joined, with fields changed, mostly with
 * right checksums so that they get far. The same random numbers give the same frames.
 */
final class FrameMutator {

    private static final int RECENT = 256;
    private static final int[] INTERESTING = {0, 1, 2, 4, 5, 8, 17, 20, 28, 40, 47, 58, 63, 64, 127, 128, 192, 224, 255
    };
    private static final int FRAME_MAX = 3000;
    private static final int LINK_MAX = 14 + Net.MTU;

    private final RandomGenerator random;
    private final List<FuzzSeeds.Seed> seeds;
    private final FuzzSeeds.Seed[] recent = new FuzzSeeds.Seed[RECENT];
    private int recentCount;

    FrameMutator(RandomGenerator random, List<FuzzSeeds.Seed> seeds) {
        this.random = random;
        this.seeds = seeds;
    }

    /** Remembers what the gateway sent, as if it came back. */
    void saw(boolean onPa, byte[] frame) {
        recent[recentCount++ % RECENT] = new FuzzSeeds.Seed(onPa, frame);
    }

    /**
     * The next frame for a port.
     *
     * @param fixed all its checksums are right, where there is a place for them
     */
    byte[] next(boolean forPa, boolean fixed) {
        byte[] base = base(forPa);
        byte[] frame = base.clone();
        for (int n = changes(); n > 0; n--) {
            frame = change(frame);
        }
        if (random.nextInt(16) > 0 && frame.length >= 6) {
            address(frame, forPa ? Net.PA_MAC : Net.EXT_MAC);
        }
        if (random.nextInt(4) > 0) {
            FrameFix.fitLengths(frame);
        }
        if (frame.length > LINK_MAX && frame[23] != Wire.GRE) {
            // A port delivers nothing longer than its MTU; longer tenants' packets stand for jumbo frames of the
            // provider network.
            frame = Arrays.copyOf(frame, LINK_MAX);
        }
        if (fixed && forPa && isOuterFragment(frame) && !Arrays.equals(frame, base)) {
            // Put together again, its inner checksums would be wrong, and nobody could have made them right.
            frame[20] = 0x40;
            frame[21] = 0;
        }
        return fixed ? FrameFix.fix(frame) : frame;
    }

    private static boolean isOuterFragment(byte[] frame) {
        return frame.length >= 34 && Wire.u16(frame, 12) == 0x800 && (Wire.u16(frame, 20) & 0x3fff) != 0;
    }

    private static void address(byte[] frame, long mac) {
        if ((frame[0] & 1) == 0) {
            for (int i = 0; i < 6; i++) {
                frame[i] = (byte) (mac >>> (40 - 8 * i));
            }
        }
    }

    private int changes() {
        int r = random.nextInt(16);
        return r < 6 ? 0 : r < 11 ? 1 : r < 14 ? 2 : r - 10;
    }

    private byte[] base(boolean forPa) {
        int kind = random.nextInt(10);
        if (kind < 3 && recentCount > 0) {
            FuzzSeeds.Seed seen = recent[random.nextInt(Math.min(recentCount, RECENT))];
            byte[] frame = kind == 0 ? seen.frame().clone() : reflected(seen);
            if (seen.fromPa() == forPa || random.nextInt(8) == 0) {
                return frame;
            }
        }
        if (kind == 9 && random.nextInt(4) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        while (true) {
            FuzzSeeds.Seed seed = seeds.get(random.nextInt(seeds.size()));
            if (seed.fromPa() == forPa) {
                return seed.frame().clone();
            }
        }
    }

    /** The answer that an innocent or malicious receiver sends. */
    private byte[] reflected(FuzzSeeds.Seed seen) {
        byte[] f = seen.frame();
        if (seen.fromPa()) {
            int inner = 14 + 28;
            if (f.length < inner + 34 || Wire.u16(f, 12) != 0x800 || Wire.u16(f, inner + 12) != 0x800) {
                return f.clone();
            }
            byte[] ip = Wire.slice(f, inner + 14);
            int vsid = Net.GATEWAY_VSID[1 + random.nextInt(2)];
            return Net.nvgre(Net.HOST_A, vsid, Net.GATEWAY_MAC, 0x800, turned(ip));
        }
        if (f.length < 34 || Wire.u16(f, 12) != 0x800) {
            return f.clone();
        }
        return Net.fromOutside(turned(Wire.slice(f, 14)));
    }

    private byte[] turned(byte[] ip) {
        swap(ip, 12, 16, 4);
        int l4 = (ip[0] & 15) * 4;
        if (ip[9] == Wire.ICMP) {
            if (l4 < ip.length && ip[l4] == 8) {
                ip[l4] = 0;
            }
        } else if (l4 + 4 <= ip.length) {
            swap(ip, l4, l4 + 2, 2);
            if (ip[9] == Wire.TCP && l4 + 14 <= ip.length) {
                ip[l4 + 13] = (byte) random.nextInt(32);
            }
        }
        return ip;
    }

    private static void swap(byte[] bytes, int a, int b, int count) {
        for (int i = 0; i < count; i++) {
            byte t = bytes[a + i];
            bytes[a + i] = bytes[b + i];
            bytes[b + i] = t;
        }
    }

    private byte[] change(byte[] frame) {
        if (frame.length == 0) {
            return frame;
        }
        // Headers are where the decisions are.
        int at = random.nextInt(random.nextInt(4) == 0 ? frame.length : Math.min(frame.length, 110));
        switch (random.nextInt(9)) {
            case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> frame[at] = (byte) INTERESTING[random.nextInt(INTERESTING.length)];
            case 2 -> frame[at] = (byte) random.nextInt(256);
            case 3 -> {
                frame[at] = 0;
                frame[Math.min(at + 1, frame.length - 1)] = (byte) INTERESTING[random.nextInt(INTERESTING.length)];
            }
            case 4 -> frame[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 5 -> {
                return Arrays.copyOf(frame, at + random.nextInt(frame.length - at + 1));
            }
            case 6 -> {
                return Arrays.copyOf(frame, Math.min(FRAME_MAX, frame.length + random.nextInt(40)));
            }
            case 7 -> {
                return spliced(frame, at);
            }
            default -> field(frame);
        }
        return frame;
    }

    /** Goes on with the end of another frame. */
    private byte[] spliced(byte[] frame, int at) {
        byte[] other = seeds.get(random.nextInt(seeds.size())).frame();
        int from = random.nextInt(other.length);
        byte[] joined = Arrays.copyOf(frame, Math.min(FRAME_MAX, at + other.length - from));
        System.arraycopy(other, from, joined, at, joined.length - at);
        return joined;
    }

    /** Changes a field of the outer or inner IPv4 header, or a port: what a wild byte seldom hits. */
    private void field(byte[] frame) {
        int ip = random.nextBoolean() ? 14 : 14 + 28 + 14;
        int[] offsets = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 19, 20, 21, 22, 23, 33};
        int at = ip + offsets[random.nextInt(offsets.length)];
        if (at < frame.length) {
            frame[at] = (byte)
                    (random.nextBoolean() ? random.nextInt(256) : INTERESTING[random.nextInt(INTERESTING.length)]);
        }
    }
}
