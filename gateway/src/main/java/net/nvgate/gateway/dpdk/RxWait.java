package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where one thread sleeps until a packet comes to one of its receive queues, or some time has passed. By receive interrupts where a
 * driver has them (with vfio-pci most do; {@code rte_eth_dev_rx_intr_*}), by the kernel's own word with net_af_packet. One thread.
 *
 * <pre>
 *  poll, nothing ─▶ arm ─▶ poll once more, nothing ─▶ await ─▶ poll ...
 * </pre>
 *
 * What comes between the poll and {@link #arm} tells nobody, therefore the poll after it.
 */
public final class RxWait implements AutoCloseable {

    private static final int EPOLLIN = 1;
    private static final int EVENTS_MAX = 4;
    private static final int ADD = 1;
    private static final int DELETE = 2;

    private static final MethodHandle EPOLL_CTL = DpdkLibrary.downcall(
            "rte_epoll_ctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    /** Not critical: garbage collection goes on while the thread sleeps. */
    private static final MethodHandle EPOLL_WAIT = DpdkLibrary.downcall(
            "rte_epoll_wait",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT));

    private static final MethodHandle QUEUE_CTL = DpdkLibrary.downcall(
            "rte_eth_dev_rx_intr_ctl_q",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_SHORT,
                    ValueLayout.JAVA_SHORT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle ENABLE = queueCall("rte_eth_dev_rx_intr_enable");
    private static final MethodHandle DISABLE = queueCall("rte_eth_dev_rx_intr_disable");

    private final Arena arena = Arena.ofConfined();
    private final long events;
    private final int epoll;
    private final List<RxQueue> interrupting = new ArrayList<>();
    private final List<RxQueue> switchable = new ArrayList<>();
    /** The switchable ones, without iterators. */
    private RxQueue[] armed = {};

    private RxWait() {
        this.events = arena.allocate((long) EVENTS_MAX * DpdkAbi.current().value(DpdkField.EPOLL_EVENT_SIZE), 64)
                .address();
        this.epoll = Libc.epollCreate();
    }

    private static MethodHandle queueCall(String function) {
        return DpdkLibrary.downcall(
                function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_SHORT, ValueLayout.JAVA_SHORT));
    }

    /** For these queues, on the thread that calls; empty if one of them has a driver that tells nobody that a packet has come. */
    public static Optional<RxWait> of(List<RxQueue> queues) {
        if (!queues.stream().allMatch(RxQueue::tells)) {
            return Optional.empty();
        }
        RxWait wait = new RxWait();
        for (RxQueue queue : queues) {
            if (!wait.addInterrupt(queue) && !wait.addSocket(queue)) {
                wait.close();
                return Optional.empty();
            }
        }
        wait.armed = wait.switchable.toArray(RxQueue[]::new);
        return Optional.of(wait);
    }

    private boolean addInterrupt(RxQueue queue) {
        if (control(queue, ADD) != 0) {
            return false;
        }
        interrupting.add(queue);
        int result = NativeCall.intCall(DISABLE, (short) queue.portId(), (short) queue.number());
        if (result == 0) {
            switchable.add(queue);
        }
        // net_tap cannot switch them: its packets always tell.
        return result == 0 || result == -RteErrno.ENOTSUP;
    }

    private int control(RxQueue queue, int operation) {
        return NativeCall.intCall(QUEUE_CTL, (short) queue.portId(), (short) queue.number(), epoll, operation, 0L);
    }

    private boolean addSocket(RxQueue queue) {
        int interfaceIndex = DeviceInfo.of(queue.portId()).interfaceIndex();
        List<Integer> sockets = interfaceIndex == 0 ? List.of() : PacketSockets.ofInterface(interfaceIndex);
        if (queue.number() >= sockets.size()) {
            return false;
        }
        // The kernel's event points to it.
        long event = Port.zeroed(arena, DpdkField.EPOLL_EVENT_SIZE);
        Mem.i32(event + DpdkAbi.current().value(DpdkField.EPOLL_EVENT_MASK), EPOLLIN);
        return NativeCall.intCall(EPOLL_CTL, epoll, ADD, sockets.get(queue.number()), event) == 0;
    }

    /** From now on packets end {@link #await}. */
    public void arm() {
        for (RxQueue queue : armed) {
            call(ENABLE, queue);
        }
    }

    /** Interrupts cost; not while packets are polled. */
    public void disarm() {
        for (RxQueue queue : armed) {
            call(DISABLE, queue);
        }
    }

    private static void call(MethodHandle function, RxQueue queue) {
        try {
            // A driver that fails here is polled again after the longest sleep.
            int _ = (int) function.invokeExact((short) queue.portId(), (short) queue.number());
        } catch (Throwable e) {
            throw NativeCall.unexpected(e);
        }
    }

    /** Sleeps until a packet has come, at most so long; false if none has. */
    public boolean await(int millisMax) {
        try {
            return (int) EPOLL_WAIT.invokeExact(epoll, events, EVENTS_MAX, millisMax) > 0;
        } catch (Throwable e) {
            throw NativeCall.unexpected(e);
        }
    }

    /** On the thread that made it. */
    @Override
    public void close() {
        // DPDK keeps the descriptor's number, which may soon be another file's.
        interrupting.forEach(queue -> control(queue, DELETE));
        Libc.close(epoll);
        arena.close();
    }
}
