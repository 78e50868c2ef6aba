package net.nvgate.gateway.worker;

import java.util.Arrays;
import java.util.function.Consumer;

/** Wrong packets of one kind, for {@link DropReasonTest}. */
abstract class DropCases {

    /** Takes what leads to a drop; it may send good packets before. */
    interface Taker {
        void take(DropReason reason, String what, int paMtu, Consumer<TestGateway> act);
    }

    private final Taker taker;

    DropCases(Taker taker) {
        this.taker = taker;
    }

    abstract void all();

    void pa(DropReason reason, String what, byte[] frame) {
        with(reason, what, g -> g.intoPa(frame));
    }

    void ext(DropReason reason, String what, byte[] frame) {
        with(reason, what, g -> g.intoExt(frame));
    }

    final void with(DropReason reason, String what, Consumer<TestGateway> act) {
        with(reason, what, Net.MTU, act);
    }

    final void with(DropReason reason, String what, int paMtu, Consumer<TestGateway> act) {
        taker.take(reason, what, paMtu, act);
    }

    static byte[] cut(byte[] frame, int length) {
        return Arrays.copyOf(frame, length);
    }

    static byte[] changed(byte[] packet, int at, int value) {
        byte[] copy = packet.clone();
        copy[at] = (byte) value;
        return copy;
    }
}
