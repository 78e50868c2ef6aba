package net.nvgate.mgmt.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;

/**
 * Makes links between documents links between pages, in place. A link to a file that the site does not have, such as a source,
 * becomes its text.
 */
final class PageLinks extends AbstractVisitor {

    private final String page;
    private final Predicate<String> exists;
    private final List<Page.Link> found = new ArrayList<>();

    PageLinks(String page, Predicate<String> exists) {
        this.page = page;
        this.exists = exists;
    }

    /** Those into the repository, in order. */
    List<Page.Link> found() {
        return found;
    }

    @Override
    public void visit(Link link) {
        visitChildren(link);
        String destination = link.getDestination();
        if (destination.contains(":")) {
            return;
        }
        int hash = destination.indexOf('#');
        String anchor = hash < 0 ? "" : destination.substring(hash + 1);
        String file = RepositoryPath.resolve(page, hash < 0 ? destination : destination.substring(0, hash));
        found.add(new Page.Link(file, anchor, PageText.of(link).strip()));
        if (exists.test(file)) {
            String url = hash == 0 ? "" : RepositoryPath.url(file);
            link.setDestination(anchor.isEmpty() ? url : url + "#" + anchor);
        } else {
            while (link.getFirstChild() != null) {
                link.insertBefore(link.getFirstChild());
            }
            link.unlink();
        }
    }

    @Override
    public void visit(Image image) {
        String file = RepositoryPath.resolve(page, image.getDestination());
        found.add(new Page.Link(file, "", PageText.of(image)));
        image.setDestination(RepositoryPath.url(file));
    }

    @Override
    public void visit(HtmlBlock html) {
        html.unlink();
    }

    @Override
    public void visit(HtmlInline html) {
        html.unlink();
    }
}
