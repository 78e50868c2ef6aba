package net.nvgate.fabric.ovs;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** The service manager's end of NOTIFY_SOCKET: an AF_UNIX datagram socket, which Java has not. */
final class DatagramSocketFile implements AutoCloseable {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_DONTWAIT = 0x40;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate(4096);
    private final int socket;

    /** @param name a path, or @ and a name without a file */
    DatagramSocketFile(String name) throws Throwable {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (path[0] == '@') {
            path[0] = 0;
        }
        MemorySegment address = arena.allocate(110);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
        socket = (int) libc("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)
                .invokeExact(AF_UNIX, SOCK_DGRAM, 0);
        int bound = (int) libc("bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                .invokeExact(socket, address, 2 + path.length);
        if (bound != 0) {
            throw new IllegalStateException("cannot bind to " + name);
        }
    }

    private static MethodHandle libc(String function, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /** The next datagram, empty if none has come: a local datagram is there when sendto returns. */
    String next() throws Throwable {
        int length = (int)
                libc("recv", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT)
                        .invokeExact(socket, buffer, buffer.byteSize(), MSG_DONTWAIT);
        byte[] text = buffer.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE);
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            int _ = (int) libc("close", ValueLayout.JAVA_INT).invokeExact(socket);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        arena.close();
    }
}
