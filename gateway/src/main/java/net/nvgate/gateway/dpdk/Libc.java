package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** The few functions of the C library that are needed besides DPDK's. Failures become {@link DpdkException}. */
final class Libc {

    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int AF_INET = 2;
    private static final int AF_PACKET = 17;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int O_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");

    private static final MethodHandle MMAP = function(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = function(
            "munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE = function(
            "madvise",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle PIPE2 =
            function("pipe2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle FDOPEN =
            function("fdopen", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle SOCKET = function(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle IOCTL = function(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IF_INDEXTONAME = function(
            "if_indextoname", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle SCHED_SETAFFINITY = function("sched_setaffinity", affinityType());
    private static final MethodHandle SCHED_GETAFFINITY = function("sched_getaffinity", affinityType());

    private static final MethodHandle EPOLL_CREATE =
            function("epoll_create1", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle GETSOCKNAME = function(
            "getsockname",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle PRCTL = function(
            "prctl",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private Libc() {}

    private static FunctionDescriptor affinityType() {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    }

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... more) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
        options[more.length] = KEEP_ERRNO;
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }

    /** Zeroed pages, by the kernel's choice of place. Pages take memory only when touched. */
    static long mmap(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long address = NativeCall.longCall(
                    MMAP, state, 0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
            if (address == -1) {
                throw new DpdkException("mmap(" + bytes + " bytes)", errno(state));
            }
            return address;
        }
    }

    static void munmap(long address, long bytes) {
        check("munmap", MUNMAP, address, bytes);
    }

    /** Asks for transparent huge pages. A kernel without them says EINVAL, which is no reason to stop. */
    static void adviseHugePages(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            NativeCall.intCall(MADVISE, arena.allocate(CALL_STATE), address, bytes, MADV_HUGEPAGE);
        }
    }

    /** Makes pages writable now, not when they are first written; false where the kernel does not (before Linux 5.14) or has no memory. */
    static boolean populate(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            return NativeCall.intCall(MADVISE, arena.allocate(CALL_STATE), address, bytes, MADV_POPULATE_WRITE) == 0;
        }
    }

    /** A pipe whose ends never block: {read end, write end}. */
    static int[] pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(8, 4);
            check("pipe2", PIPE2, ends, O_NONBLOCK_CLOEXEC);
            return ends.toArray(ValueLayout.JAVA_INT);
        }
    }

    static void close(int descriptor) {
        check("close", CLOSE, descriptor);
    }

    /** Address of a FILE for writing to the descriptor, which it owns from now on. */
    static long fdopen(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long file = NativeCall.longCall(FDOPEN, state, descriptor, arena.allocateFrom("w"));
            if (file == 0) {
                throw new DpdkException("fdopen", errno(state));
            }
            return file;
        }
    }

    /** @param mask bit n of long n/64 stands for CPU n */
    static void setAffinityOfThread(long[] mask) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocateFrom(ValueLayout.JAVA_LONG, mask);
            check("sched_setaffinity", SCHED_SETAFFINITY, 0, set.byteSize(), set);
        }
    }

    static long[] affinityOfThread(int cpusMax) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(ValueLayout.JAVA_LONG, cpusMax / 64);
            check("sched_getaffinity", SCHED_GETAFFINITY, 0, set.byteSize(), set);
            return set.toArray(ValueLayout.JAVA_LONG);
        }
    }

    static int epollCreate() {
        return check("epoll_create1", EPOLL_CREATE, EPOLL_CLOEXEC);
    }

    /** Index of the interface that an AF_PACKET socket is bound to (struct sockaddr_ll); 0 if it is another kind of socket. */
    static int packetSocketInterface(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(128, 8);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 128);
            int result = NativeCall.intCall(GETSOCKNAME, arena.allocate(CALL_STATE), descriptor, address, length);
            boolean packet = result == 0 && address.get(ValueLayout.JAVA_SHORT, 0) == AF_PACKET;
            return packet ? address.get(ValueLayout.JAVA_INT, 4) : 0;
        }
    }

    /** How late the kernel may end sleeps of the calling thread, to end several at once; 50,000 ns without this. */
    static void timerSlack(long nanos) {
        check("prctl(PR_SET_TIMERSLACK)", PRCTL, PR_SET_TIMERSLACK, nanos);
    }

    /** Name of the Linux interface with this index. */
    static String interfaceName(int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment name = arena.allocate(16);
            if (NativeCall.longCall(IF_INDEXTONAME, state, index, name) == 0) {
                throw new DpdkException("interface " + index, errno(state));
            }
            return name.getString(0);
        }
    }

    /**
     * ioctl on any socket, as netdevice(7) wants it.
     *
     * @param subject for the error message
     * @param request address of a struct ifreq
     */
    static void interfaceRequest(String subject, long code, long request) {
        int socket = check("socket", SOCKET, AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        try {
            check(subject + ": ioctl 0x" + Long.toHexString(code), IOCTL, socket, code, request);
        } finally {
            close(socket);
        }
    }

    private static int check(String name, MethodHandle handle, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            Object[] all = new Object[arguments.length + 1];
            all[0] = state;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            int result = NativeCall.intCall(handle, all);
            if (result < 0) {
                throw new DpdkException(name, errno(state));
            }
            return result;
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }
}
