package net.nvgate.mgmt.docs;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Reads Markdown as GitHub does: CommonMark and tables. HTML in a document is left out: it is comments. */
final class PageReader {

    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

    private final Predicate<String> exists;

    /** @param exists whether the site has a file, by its path in the repository */
    PageReader(Predicate<String> exists) {
        this.exists = exists;
    }

    Page read(String path, String markdown) {
        Node document = PARSER.parse(markdown);
        IdentityHashMap<Node, String> anchors = new IdentityHashMap<>();
        List<Page.Section> sections = sections(path, document, anchors);
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .nodeRendererFactory(CodeBlocks::new)
                .attributeProviderFactory(_ -> (node, _, attributes) -> {
                    String anchor = anchors.get(node);
                    if (anchor != null) {
                        attributes.put("id", anchor);
                    }
                })
                .build();
        String title = sections.isEmpty() ? path : sections.getFirst().heading();
        return new Page(path, title, renderer.render(document), sections);
    }

    /** Also rewrites the links, in place. What stands before the first heading is of no section. */
    private List<Page.Section> sections(String path, Node document, IdentityHashMap<Node, String> anchors) {
        List<Page.Section> sections = new ArrayList<>();
        Anchors names = new Anchors();
        Open open = null;
        Node next;
        for (Node node = document.getFirstChild(); node != null; node = next) {
            next = node.getNext();
            PageLinks links = new PageLinks(path, exists);
            node.accept(links);
            if (node instanceof Heading heading) {
                if (open != null) {
                    sections.add(open.closed());
                }
                open = new Open(heading, names.of(PageText.of(heading)));
                anchors.put(heading, open.anchor);
            }
            if (open != null) {
                open.links.addAll(links.found());
                open.text.append(node instanceof Heading ? "" : PageText.of(node));
            }
        }
        if (open != null) {
            sections.add(open.closed());
        }
        return List.copyOf(sections);
    }

    /** A section that is being read. */
    private static final class Open {

        private final Heading heading;
        private final String anchor;
        private final StringBuilder text = new StringBuilder();
        private final List<Page.Link> links = new ArrayList<>();

        Open(Heading heading, String anchor) {
            this.heading = heading;
            this.anchor = anchor;
        }

        Page.Section closed() {
            return new Page.Section(
                    heading.getLevel(), PageText.of(heading).strip(), anchor, text.toString(), List.copyOf(links));
        }
    }
}
