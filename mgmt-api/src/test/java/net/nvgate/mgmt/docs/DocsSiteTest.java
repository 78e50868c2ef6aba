package net.nvgate.mgmt.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The site made of the repository as it is. */
class DocsSiteTest {

    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private static final DocsSource SOURCE = path -> {
        Path file = REPOSITORY.resolve(path).normalize();
        return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    };

    private static final DocsSite SITE = new DocsSite(SOURCE);

    /** What scripts and style sheets in line would need is forbidden by the header Content-Security-Policy. */
    private static final Pattern INLINE =
            Pattern.compile("<script(?![^>]*\\bsrc=)|<[^>]+\\s(?:style|on\\w+)=|javascript:");

    @Test
    void everyDocumentOfTheRepositoryIsReachedFromTheStartPage() throws IOException {
        assertThat(SITE.pages().keySet()).containsExactlyInAnyOrderElementsOf(documents());
    }

    @Test
    void everyLinkLeadsToWhatIsThere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Page page : SITE.pages().values()) {
            page.links().filter(link -> !leads(link)).forEach(link -> broken.add(page.path() + " -> " + link));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyLinkOfAServedPageIsServed() throws IOException {
        Set<String> broken = new TreeSet<>();
        for (String path : SITE.pages().keySet()) {
            for (String url : targets(text(RepositoryPath.url(path)))) {
                if (url.startsWith("/docs/") && SITE.file(url).isEmpty()) {
                    broken.add(path + " -> " + url);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void pagesHaveNoScriptsOrStylesInLine() throws IOException {
        for (String path : SITE.pages().keySet()) {
            String html = text(RepositoryPath.url(path));
            assertThat(INLINE.matcher(html.replaceAll("(?s)<pre.*?</pre>", "")).find())
                    .as(path)
                    .isFalse();
        }
    }

    @Test
    void aPageHasItsTextTheNavigationAndItsParts() throws IOException {
        String html = text("/docs/gateway/docs/nat64.html");
        assertThat(html)
                .contains("<title>NAT64")
                .contains("<a href=\"/docs/gateway/docs/nat64.html\" aria-current=\"page\">")
                .contains("<a href=\"/docs/mgmt-api/docs/observability.html\">")
                .contains("<table>")
                .contains("On this page");
    }

    @Test
    void theSearchFindsASettingByItsName() throws IOException {
        String index = text("/docs/search.json");
        assertThat(index).contains("worker.flows-max").contains("/docs/gateway/docs/nat.html");
        assertThat(index.length()).isLessThan(500_000);
    }

    @Test
    void nothingElseIsServed() throws IOException {
        for (String url : List.of(
                "/docs/../pom.xml",
                "/docs/a//b",
                "/docs/gateway/",
                "/docs/.git/config",
                "/docs/gateway/docs/absent.html")) {
            assertThat(SITE.file(url)).as(url).isEmpty();
        }
    }

    @Test
    void linksToSourcesAreText() {
        Page page = new PageReader(path -> path.endsWith(".md"))
                .read("a/b.md", "# B\nsee [`Main`](../Main.java), [c](c.md#d) and <!-- not --> [here](#b)\n");
        assertThat(page.html())
                .contains("see <code>Main</code>, <a href=\"/docs/a/c.html#d\">c</a> and  <a href=\"#b\">here</a>")
                .doesNotContain("not");
    }

    @Test
    void whyABlockIsNotRunIsSaid() {
        Page page = new PageReader(_ -> true).read("a.md", "# A\n```sh not run: needs <Windows>\nGet-VM <x>\n```\n");
        assertThat(page.html())
                .contains("<p class=\"code-note\">not run: needs &lt;Windows&gt;</p>")
                .contains("Get-VM &lt;x&gt;");
    }

    @Test
    void anchorsAreThoseOfGitHub() {
        Anchors anchors = new Anchors();
        assertThat(anchors.of("The fabric as a file (`FabricFile`)".replace("`", "")))
                .isEqualTo("the-fabric-as-a-file-fabricfile");
        assertThat(anchors.of("Linux interfaces as ports (net_af_packet)"))
                .isEqualTo("linux-interfaces-as-ports-net_af_packet");
        assertThat(anchors.of("Limits")).isEqualTo("limits");
        assertThat(anchors.of("Limits")).isEqualTo("limits-1");
    }

    private static boolean leads(Page.Link link) {
        try {
            Page page = SITE.pages().get(link.path());
            boolean part = link.anchor().isEmpty()
                    || (page != null
                            && page.sections().stream().anyMatch(s -> s.anchor().equals(link.anchor())));
            return part && Files.exists(REPOSITORY.resolve(link.path()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> targets(String html) {
        return Pattern.compile("(?:href|src)=\"([^\"#]*)")
                .matcher(html)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static String text(String url) throws IOException {
        return new String(SITE.file(url).orElseThrow(() -> new AssertionError(url)), StandardCharsets.UTF_8);
    }

    /** All Markdown but what is built or fetched. */
    static Set<String> documents() throws IOException {
        Set<String> documents = new TreeSet<>();
        Files.walkFileTree(REPOSITORY, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = String.valueOf(directory.getFileName());
                boolean ours = !Set.of("target", "node_modules").contains(name) && !name.startsWith(".");
                return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    documents.add(REPOSITORY.relativize(file).toString());
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return documents;
    }
}
