package net.nvgate.fabric.netwnv;

import java.util.HashMap;
import java.util.Map;

/**
 * Names of objects of one kind. Of several that want the same name, all get it with a suffix of their own, so that none depends on
 * which others there are first.
 */
final class Namer<K> {

    private static final int LENGTH_MAX = 64;

    private final Map<K, String> wanted = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<K, String> suffixes = new HashMap<>();

    /** @param suffix that no other has */
    void want(K object, String name, String suffix) {
        String clean = cleaned(name);
        String base = clean.isEmpty() ? cleaned(suffix) : clean;
        wanted.put(object, base);
        suffixes.put(object, suffix);
        uses.merge(base, 1, Integer::sum);
    }

    /** After all have been asked for. */
    String name(K object) {
        String base = wanted.getOrDefault(object, "");
        if (uses.getOrDefault(base, 0) <= 1) {
            return base;
        }
        String end = "-" + suffixes.getOrDefault(object, "");
        return base.substring(0, Math.min(base.length(), LENGTH_MAX - end.length())) + end;
    }

    /** Printable, without blanks at the ends, and not too long. */
    private static String cleaned(String name) {
        String printable = name.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '_' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        if (printable.length() <= LENGTH_MAX) {
            return printable;
        }
        int end = Character.isHighSurrogate(printable.charAt(LENGTH_MAX - 1)) ? LENGTH_MAX - 1 : LENGTH_MAX;
        return printable.substring(0, end).strip();
    }
}
