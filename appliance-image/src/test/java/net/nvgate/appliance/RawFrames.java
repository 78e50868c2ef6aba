package net.nvgate.appliance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Sends Ethernet frames as they are, from hex lines on standard input: a program of its own, so that it can be started
 * inside a namespace ({@code ip netns exec NS java ... RawFrames INTERFACE}).
 */
public final class RawFrames {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCKADDR_LL_BYTES = 20;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SOCKET = function(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle IF_NAMETOINDEX =
            function("if_nametoindex", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle SENDTO = function(
            "sendto",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));

    private RawFrames() {}

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
    }

    /**
     * @param arguments name of the interface to send from
     * @throws Throwable if the socket cannot be had or a frame is not taken whole
     */
    public static void main(String[] arguments) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            int index = (int) IF_NAMETOINDEX.invokeExact(arena.allocateFrom(arguments[0]));
            int socket = (int) SOCKET.invokeExact(AF_PACKET, SOCK_RAW, 0);
            if (index == 0 || socket < 0) {
                throw new IOException("cannot send from interface '" + arguments[0] + "'");
            }
            MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(ValueLayout.JAVA_INT, 4, index);
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] frame = HexFormat.of().parseHex(line.strip());
                MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame);
                long sent =
                        (long) SENDTO.invokeExact(socket, bytes, (long) frame.length, 0, address, SOCKADDR_LL_BYTES);
                if (sent != frame.length) {
                    throw new IOException("sent " + sent + " of " + frame.length + " bytes");
                }
            }
        }
    }
}
