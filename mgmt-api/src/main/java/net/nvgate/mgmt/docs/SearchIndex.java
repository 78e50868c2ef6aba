package net.nvgate.mgmt.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import net.nvgate.fabric.model.FabricJson;

/**
 * What {@code site.js} searches: {@code {"pages": [[title, url]...], "sections": [[page, heading, anchor, words]...]}}, with
 * {@code page} a place in {@code pages}, and each word of a section once, in lower case.
 */
final class SearchIndex {

    /** Names with their dots, dashes and underscores, so that {@code nvgate_drops_total} and {@code port-acl} are found. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{N}._/:-]*[\\p{L}\\p{N}])?");

    private static final int WORD_LENGTH_MAX = 40;

    /** In every second section, so that they say nothing. */
    private static final Set<String> COMMON = Set.of(
            "all", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "does", "each", "for", "from",
            "has", "have", "if", "in", "into", "is", "it", "its", "may", "no", "none", "not", "of", "on", "one", "only",
            "or", "other", "so", "such", "than", "that", "the", "their", "them", "then", "there", "they", "this", "to",
            "too", "was", "what", "when", "where", "which", "who", "whose", "will", "with", "without");

    private SearchIndex() {}

    static String of(List<Page> pages) {
        List<List<String>> titles = pages.stream()
                .map(page -> List.of(page.title(), RepositoryPath.url(page.path())))
                .toList();
        List<List<Object>> sections = new ArrayList<>();
        for (int i = 0; i < pages.size(); i++) {
            for (Page.Section section : pages.get(i).sections()) {
                sections.add(List.of(i, section.heading(), section.anchor(), words(section.text())));
            }
        }
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("pages", titles);
        index.put("sections", sections);
        return FabricJson.write(index);
    }

    private static String words(String text) {
        Set<String> words = new LinkedHashSet<>();
        WORD.matcher(text.toLowerCase(Locale.ROOT)).results().forEach(match -> {
            String word = match.group();
            if (word.length() > 1 && word.length() <= WORD_LENGTH_MAX && !COMMON.contains(word)) {
                words.add(word);
            }
        });
        return String.join(" ", words);
    }
}
