package net.nvgate.mgmt.docs;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is around the text of every page: head, navigation, parts of the page. */
final class Frame {

    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private final String template;
    private final Navigation navigation;

    /** @param template HTML with {@code {{title}}}, {@code {{navigation}}}, {@code {{content}}} and {@code {{parts}}} */
    Frame(String template, Navigation navigation) {
        this.template = template;
        this.navigation = navigation;
    }

    String around(Page page) {
        Map<String, String> places = Map.of(
                "title", escaped(page.title()),
                "navigation", navigation(page),
                "content", page.html(),
                "parts", parts(page));
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(places.getOrDefault(place.group(1), "")));
    }

    private String navigation(Page page) {
        return navigation.groups().stream()
                .map(group -> "<h2>" + escaped(group.title()) + "</h2>\n<ul>\n"
                        + group.pages().stream()
                                .map(link -> navigationItem(link, page))
                                .collect(Collectors.joining())
                        + "</ul>\n")
                .collect(Collectors.joining());
    }

    private static String navigationItem(Page.Link link, Page page) {
        boolean here = link.path().equals(page.path()) && link.anchor().isEmpty();
        String anchor = link.anchor().isEmpty() ? "" : "#" + link.anchor();
        return "<li><a href=\"" + escaped(RepositoryPath.url(link.path()) + anchor) + "\""
                + (here ? " aria-current=\"page\"" : "") + ">" + escaped(link.text()) + "</a></li>\n";
    }

    /** Of a page with more than one. */
    private static String parts(Page page) {
        String items = page.sections().stream()
                .filter(section -> section.level() == 2 || section.level() == 3)
                .map(section -> "<li class=\"level-" + section.level() + "\"><a href=\"#" + escaped(section.anchor())
                        + "\">" + escaped(section.heading()) + "</a></li>\n")
                .collect(Collectors.joining());
        return items.isEmpty() ? "" : "<h2>On this page</h2>\n<ul>\n" + items + "</ul>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
