package net.nvgate.mgmt.docs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlWriter;

/**
 * Fenced blocks. What stands behind the language is for the reader: {@code sh not run: needs a Windows host} says that the
 * project's tests do not run these commands, and why.
 */
final class CodeBlocks implements NodeRenderer {

    private final HtmlNodeRendererContext context;
    private final HtmlWriter html;

    CodeBlocks(HtmlNodeRendererContext context) {
        this.context = context;
        this.html = context.getWriter();
    }

    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
        return Set.of(FencedCodeBlock.class);
    }

    @Override
    public void render(Node node) {
        FencedCodeBlock block = (FencedCodeBlock) node;
        String info = block.getInfo() == null ? "" : block.getInfo().strip();
        int space = info.indexOf(' ');
        String language = space < 0 ? info : info.substring(0, space);
        String note = space < 0 ? "" : info.substring(space + 1).strip();
        html.line();
        html.tag("div", Map.of("class", "code"));
        if (!note.isEmpty()) {
            html.tag("p", Map.of("class", "code-note"));
            html.text(note);
            html.tag("/p");
        }
        // Long lines are scrolled: the keyboard must get there, too.
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("tabindex", "0");
        if (!language.isEmpty()) {
            attributes.put("data-language", language);
        }
        html.tag("pre", context.extendAttributes(node, "pre", attributes));
        html.tag("code");
        html.text(block.getLiteral());
        html.tag("/code");
        html.tag("/pre");
        html.tag("/div");
        html.line();
    }
}
