package net.nvgate.mgmt.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The documentation below {@code /docs/}: every document of the repository that can be reached from the start page, rendered;
 * files they name, such as pictures and dashboards; and the site's own style and script. A build without documents has none.
 *
 * <p>Pages are read all at once, when the first one is asked for: a second or less. Safe for several threads.
 */
public final class DocsSite {

    private static final Pattern PATH =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final String SEARCH = "search.json";

    /** The site's own files, and where they are on the class path. */
    private static final Map<String, String> OWN = Map.of(
            "site.css", "/docs-site/site.css", "site.js", "/docs-site/site.js", "theme.js", "/docs-site/theme.js");

    private final DocsSource source;
    private @Nullable Content content;

    private record Content(Map<String, Page> pages, Frame frame, String search) {}

    /** @param source of the documents */
    public DocsSite(DocsSource source) {
        this.source = source;
    }

    /**
     * A file of the site.
     *
     * @param url {@code /docs/...}, without a query
     * @return its bytes; empty if the site has none
     */
    public Optional<byte[]> file(String url) throws IOException {
        String name = url.substring(RepositoryPath.ROOT.length());
        if (!name.isEmpty() && !PATH.matcher(name).matches()) {
            return Optional.empty();
        }
        String own = OWN.get(name);
        if (own != null) {
            return Optional.of(ownFile(own));
        }
        if (name.equals(SEARCH)) {
            return Optional.of(bytes(content().search()));
        }
        String path = RepositoryPath.ofUrl(url);
        if (!RepositoryPath.isPage(path)) {
            return source.read(path);
        }
        Content all = content();
        return Optional.ofNullable(all.pages().get(path))
                .map(page -> bytes(all.frame().around(page)));
    }

    /** By their paths in the repository, from the start page on, in the order in which they are named. */
    Map<String, Page> pages() throws IOException {
        return content().pages();
    }

    private synchronized Content content() throws IOException {
        if (content == null) {
            Map<String, Page> pages = read();
            Navigation navigation = Optional.ofNullable(pages.get(RepositoryPath.START))
                    .map(Navigation::of)
                    .orElse(new Navigation(List.of()));
            String template = new String(ownFile("/docs-site/page.html"), StandardCharsets.UTF_8);
            content = new Content(pages, new Frame(template, navigation), SearchIndex.of(List.copyOf(pages.values())));
        }
        return content;
    }

    private Map<String, Page> read() throws IOException {
        PageReader reader = new PageReader(this::exists);
        Map<String, Page> pages = new LinkedHashMap<>();
        ArrayDeque<String> open = new ArrayDeque<>(List.of(RepositoryPath.START));
        while (!open.isEmpty()) {
            String path = open.removeFirst();
            Optional<byte[]> text = pages.containsKey(path) ? Optional.empty() : source.read(path);
            if (text.isPresent()) {
                Page page = reader.read(path, new String(text.get(), StandardCharsets.UTF_8));
                pages.put(path, page);
                page.links().map(Page.Link::path).filter(RepositoryPath::isPage).forEach(open::addLast);
            }
        }
        return pages;
    }

    private boolean exists(String path) {
        try {
            return source.read(path).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] ownFile(String resource) throws IOException {
        return DocsSource.classPath("")
                .read(resource.substring(1))
                .orElseThrow(() -> new IOException(resource + " is not on the class path"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
