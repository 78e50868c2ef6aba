package net.nvgate.fabric.store;

import java.util.Comparator;

/**
 * A value that one object at most may have.
 *
 * @param scope within what it is unique, e.g. {@code vsid} or {@code ca/RDID}
 * @param value canonical text of the value
 */
public record UniqueKey(String scope, String value) {

    /** By scope, then by value. */
    public static final Comparator<UniqueKey> ORDER =
            Comparator.comparing(UniqueKey::scope).thenComparing(UniqueKey::value);
}
