package net.nvgate.gateway.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import net.nvgate.gateway.dpdk.Eal;
import net.nvgate.gateway.dpdk.EalOptions;
import org.jspecify.annotations.Nullable;

/**
 * What Jazzer drives: bytes are steps of a network around one checked worker, which starts empty each time.
 *
 * <pre>
 *  step: what (1 byte: kind in the low 3 bits, a choice above), length (2 bytes), bytes
 *  0 frame to the PA port                1 frame to the external port
 *  2 IPv4 packet of a VM, in NVGRE       3 IPv4 packet from outside
 *  4 time passes: length ms              5 what was sent last comes back, with bytes changed
 *  6 a seed, with bytes changed          7 IPv6 packet of a VM, in NVGRE
 * </pre>
 */
public final class WorkerFuzz {

    private static final int STEPS_MAX = 24;
    private static final int LENGTH_MAX = 1600;

    private static @Nullable CheckedWorker worker;
    private static List<FuzzSeeds.Seed> seeds = List.of();

    private WorkerFuzz() {}

    /** Called by Jazzer once. */
    public static synchronized void fuzzerInitialize() throws ClassNotFoundException {
        Class.forName("net.nvgate.gateway.dpdk.CheckedMemory");
        Eal eal = Eal.init(EalOptions.small("nvgfuzz-" + ProcessHandle.current().pid(), 256));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(eal), "eal-close"));
        seeds = FuzzSeeds.all();
        worker = new CheckedWorker(
                FuzzGateways.of(RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(3)));
    }

    /** Called by Jazzer for each input. */
    public static synchronized void fuzzerTestOneInput(byte[] input) {
        if (worker != null) {
            run(worker, ByteBuffer.wrap(input));
        }
    }

    /** After the input that is being tried: DPDK's memory must outlive it. */
    private static synchronized void end(Eal eal) {
        worker = null;
        eal.close();
    }

    private static void run(CheckedWorker checked, ByteBuffer in) {
        byte[] last = seeds.getFirst().frame();
        boolean lastOnPa = true;
        for (int step = 0; step < STEPS_MAX && in.remaining() >= 3; step++) {
            int what = in.get() & 0xff;
            int length = in.getShort() & 0xffff;
            if ((what & 7) == 4) {
                checked.pass(length);
                continue;
            }
            byte[] bytes = new byte[Math.min(length % LENGTH_MAX, in.remaining())];
            in.get(bytes);
            boolean fromPa = fromPa(what, bytes, lastOnPa);
            TestGateway.Sent out = checked.burst(fromPa, (what & 7) > 1, frame(what, bytes, last));
            if (!out.isEmpty()) {
                lastOnPa = !out.pa().isEmpty();
                last = lastOnPa ? out.pa().getLast() : out.ext().getLast();
            }
        }
        checked.reset();
    }

    private static boolean fromPa(int what, byte[] bytes, boolean lastOnPa) {
        return switch (what & 7) {
            case 1, 3 -> false;
            case 5 -> lastOnPa;
            case 6 -> seed(bytes).fromPa();
            default -> true;
        };
    }

    private static byte[] frame(int what, byte[] bytes, byte[] last) {
        int choice = what >>> 3;
        return switch (what & 7) {
            case 2 -> FrameFix.fix(Net.fromVm1(1 + choice % 2, bytes));
            case 3 -> FrameFix.fix(Net.fromOutside(bytes));
            case 5 -> FrameFix.fix(patched(last, bytes));
            case 6 -> FrameFix.fix(patched(seed(bytes).frame(), bytes));
            case 7 ->
                FrameFix.fix(
                        Net.nvgre(Net.HOST_A, Net.GATEWAY_VSID[1 + choice % 2], Net.GATEWAY_MAC, Wire6.TYPE, bytes));
            default -> bytes;
        };
    }

    private static FuzzSeeds.Seed seed(byte[] bytes) {
        return seeds.get(bytes.length == 0 ? 0 : (bytes[0] & 0xff) % seeds.size());
    }

    /** Behind the first byte pairs of an offset and a value. */
    private static byte[] patched(byte[] frame, byte[] patches) {
        byte[] copy = frame.clone();
        for (int i = 1; i + 1 < patches.length && copy.length > 0; i += 2) {
            copy[(patches[i] & 0xff) % copy.length] = patches[i + 1];
        }
        return copy;
    }

    /** Writes a file per seed, in the language above. */
    static void writeCorpus(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<FuzzSeeds.Seed> all = FuzzSeeds.all();
        List<byte[]> inputs = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            byte[] frame = all.get(i).frame();
            inputs.add(step(all.get(i).fromPa() ? 0 : 1, frame));
            inputs.add(step(6, new byte[] {(byte) i}));
            int ip = all.get(i).fromPa() ? 14 + 28 + 14 : 14;
            if (frame.length > ip) {
                inputs.add(step(all.get(i).fromPa() ? 2 : 3, Wire.slice(frame, ip)));
            }
        }
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(directory.resolve("seed-" + i), inputs.get(i));
        }
    }

    private static byte[] step(int what, byte[] bytes) {
        return ByteBuffer.allocate(3 + bytes.length)
                .put((byte) what)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }
}
