package net.nvgate.fabric.netwnv;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What to make of numbers where NetWNV has names (Rule, Type), as {@code ConvertTo-Json} of Windows PowerShell writes them. Microsoft
 * does not document the numbers, so they are read only by who asks for it.
 */
public enum EnumNumbers {
    /** A number is an error. */
    REFUSED,
    /** Numbers are those of {@link NetWnvName#number()}. */
    OS_WIN;

    /** @throws IllegalArgumentException if the text is no number of a value, or numbers are refused */
    <E extends Enum<E> & NetWnvName> E value(String text, E[] values) {
        String names = Arrays.stream(values).map(NetWnvName::text).collect(Collectors.joining(", "));
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("must be one of " + names);
        }
        if (this == REFUSED) {
            throw new IllegalArgumentException(
                    "a number instead of one of " + names
                            + ": Microsoft does not document what numbers mean; write names into the file, or say which numbers they are");
        }
        for (E value : values) {
            if (value.number() == Integer.parseInt(text)) {
                return value;
            }
        }
        throw new IllegalArgumentException("must be a number of one of " + names);
    }
}
