package net.nvgate.fabric.ovs;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the agent is ready and lives: sd_notify(3), one datagram to the AF_UNIX socket that NOTIFY_SOCKET names. Java has
 * no such datagrams, so libc's socket, sendto and close are called. Without the variable nothing is sent. Thread-safe.
 */
final class ServiceManager {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** struct sockaddr_un: family, two bytes in the machine's order, then the path. */
    private static final int PATH_OFFSET = 2;

    private static final int PATH_BYTES_MAX = 107;

    private final byte[] path;

    private ServiceManager(byte[] path) {
        this.path = path;
    }

    /** @param environment of the process */
    static ServiceManager of(Map<String, String> environment) {
        byte[] path = environment.getOrDefault("NOTIFY_SOCKET", "").getBytes(StandardCharsets.UTF_8);
        if (path.length > PATH_BYTES_MAX) {
            LOG.warn("NOTIFY_SOCKET has more than {} bytes", PATH_BYTES_MAX);
            return new ServiceManager(new byte[0]);
        }
        if (path.length > 0 && path[0] == '@') {
            path[0] = 0; // a socket without a file
        }
        return new ServiceManager(path);
    }

    void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    void alive() {
        send("WATCHDOG=1");
    }

    void stopping() {
        send("STOPPING=1");
    }

    private void send(String message) {
        if (path.length == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            sendTo(arena, message.getBytes(StandardCharsets.UTF_8));
        } catch (Throwable e) { // what a method handle is declared to throw
            LOG.warn("cannot notify systemd: {}", e.toString());
        }
    }

    private void sendTo(Arena arena, byte[] message) throws Throwable {
        int socket = (int) Libc.SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (socket < 0) {
            throw new IllegalStateException("no socket");
        }
        try {
            MemorySegment address = arena.allocate(PATH_OFFSET + PATH_BYTES_MAX + 1L);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, PATH_OFFSET, path.length);
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            long sent = (long) Libc.SENDTO.invokeExact(
                    socket, bytes, (long) message.length, MSG_NOSIGNAL, address, PATH_OFFSET + path.length);
            if (sent != message.length) {
                throw new IllegalStateException("NOTIFY_SOCKET does not take it");
            }
        } finally {
            int _ = (int) Libc.CLOSE.invokeExact(socket);
        }
    }

    /** Loaded only where there is something to send. */
    private static final class Libc {
        static final MethodHandle SOCKET = handle(
                "socket",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        static final MethodHandle SENDTO = handle(
                "sendto",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT));
        static final MethodHandle CLOSE =
                handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private Libc() {}

        private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            SymbolLookup libc = linker.defaultLookup();
            return linker.downcallHandle(libc.findOrThrow(name), descriptor);
        }
    }
}
