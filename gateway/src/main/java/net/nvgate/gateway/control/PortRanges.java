package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.List;

/** Cuts ranges of ports into aligned blocks of powers of two, at most 30 of them. */
final class PortRanges {

    private PortRanges() {}

    /** {@code 1 << order} ports from {@code port} on, which is a multiple of their number. */
    record Block(int order, int port) {}

    /** The fewest blocks that are together {@code count} ports from {@code first} on, within 0..65535. */
    static List<Block> blocks(int first, int count) {
        List<Block> blocks = new ArrayList<>();
        int port = first;
        int left = count;
        while (left > 0) {
            int aligned = port == 0 ? 16 : Integer.numberOfTrailingZeros(port);
            int order = Math.min(aligned, 31 - Integer.numberOfLeadingZeros(left));
            blocks.add(new Block(order, port));
            port += 1 << order;
            left -= 1 << order;
        }
        return blocks;
    }
}
