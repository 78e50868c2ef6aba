package net.nvgate.gateway.dpdk;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Struct layout of one DPDK ABI. DPDK keeps layouts for the three releases of a year's ABI, so the number in
 * {@code librte_eal.so.<abi>} says which table is right. A new ABI is one more table like {@link Abi23}.
 */
final class DpdkAbi {

    private static final Map<Integer, DpdkAbi> SUPPORTED =
            Stream.of(Abi23.table()).collect(Collectors.toUnmodifiableMap(DpdkAbi::number, abi -> abi));

    private final int number;
    private final String release;
    private final EnumMap<DpdkField, Integer> values;

    private DpdkAbi(int number, String release, EnumMap<DpdkField, Integer> values) {
        this.number = number;
        this.release = release;
        this.values = values;
    }

    /** The ABI of the installed libraries. */
    static DpdkAbi current() {
        return DpdkLibrary.abi();
    }

    static Optional<DpdkAbi> find(int number) {
        return Optional.ofNullable(SUPPORTED.get(number));
    }

    /** E.g. "23 (DPDK 22.11)". */
    static String supported() {
        return SUPPORTED.values().stream()
                .sorted((a, b) -> a.number - b.number)
                .map(DpdkAbi::toString)
                .collect(Collectors.joining(", "));
    }

    /** The number in the libraries' file names. */
    int number() {
        return number;
    }

    /** Bytes, or whatever the field's C expression counts. */
    int value(DpdkField field) {
        Integer value = values.get(field);
        if (value == null) {
            throw new IllegalStateException("ABI " + number + " has no " + field);
        }
        return value;
    }

    @Override
    public String toString() {
        return number + " (DPDK " + release + ")";
    }

    static Builder table(int number, String release) {
        return new Builder(number, release);
    }

    /** Collects a table; refuses one with gaps. */
    static final class Builder {
        private final int number;
        private final String release;
        private final EnumMap<DpdkField, Integer> values = new EnumMap<>(DpdkField.class);

        private Builder(int number, String release) {
            this.number = number;
            this.release = release;
        }

        Builder with(DpdkField field, int value) {
            values.put(field, value);
            return this;
        }

        DpdkAbi build() {
            for (DpdkField field : DpdkField.values()) {
                if (!values.containsKey(field)) {
                    throw new IllegalStateException("table of ABI " + number + " lacks " + field);
                }
            }
            return new DpdkAbi(number, release, values);
        }
    }
}
