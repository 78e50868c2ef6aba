package net.nvgate.mgmt.docs;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Anchors of the headings of one page, by the rule of GitHub, so that a link holds in the repository and here. */
final class Anchors {

    private final Map<String, Integer> given = new HashMap<>();

    /** Of the next heading of the page; the second one of the same text gets {@code -1}. */
    String of(String heading) {
        StringBuilder anchor = new StringBuilder();
        heading.strip().toLowerCase(Locale.ROOT).codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) || c == '-' || c == '_') {
                anchor.appendCodePoint(c);
            } else if (c == ' ') {
                anchor.append('-');
            }
        });
        int before = given.merge(anchor.toString(), 1, Integer::sum) - 1;
        return before == 0 ? anchor.toString() : anchor + "-" + before;
    }
}
