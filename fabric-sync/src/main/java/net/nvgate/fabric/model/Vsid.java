package net.nvgate.fabric.model;

/**
 * A virtual subnet identifier: the upper 24 bits of the NVGRE key (RFC 7637 §3.2).
 *
 * @param value 4096..16777214; RFC 7637 reserves 0..0xFFF and 0xFFFFFF
 */
public record Vsid(int value) implements Comparable<Vsid> {

    public static final int MIN = 0x1000;
    public static final int MAX = 0xff_fffe;

    public Vsid {
        if (value < MIN || value > MAX) {
            throw new ModelException("vsid", "value", value, "must be " + MIN + ".." + MAX);
        }
    }

    @Override
    public int compareTo(Vsid other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
