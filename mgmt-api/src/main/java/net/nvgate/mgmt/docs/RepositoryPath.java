package net.nvgate.mgmt.docs;

import java.net.URI;

/** Paths of documents in the repository, and where they are on the site. */
final class RepositoryPath {

    /** Of the site. */
    static final String ROOT = "/docs/";

    /** The page that leads to all others. */
    static final String START = "mgmt-api/docs/README.md";

    private static final String CONTRACT = "mgmt-api/src/main/resources/openapi.yaml";

    private RepositoryPath() {}

    /** What {@code link}, without its anchor, means on the page {@code from}: {@code a/b.md} and {@code ../c.md} are {@code c.md}. */
    static String resolve(String from, String link) {
        return link.isEmpty()
                ? from
                : URI.create(from).resolve(link).normalize().toString();
    }

    /** The address on this server; of a document in Markdown, that of its page. */
    static String url(String path) {
        if (path.equals(START)) {
            return ROOT;
        }
        return path.equals(CONTRACT) ? "/openapi.yaml" : ROOT + withExtension(path, ".md", ".html");
    }

    /** The reverse of {@link #url}, for what is below {@link #ROOT}. */
    static String ofUrl(String url) {
        return url.equals(ROOT) ? START : withExtension(url.substring(ROOT.length()), ".html", ".md");
    }

    static boolean isPage(String path) {
        return path.endsWith(".md");
    }

    private static String withExtension(String path, String old, String wanted) {
        return path.endsWith(old) ? path.substring(0, path.length() - old.length()) + wanted : path;
    }
}
