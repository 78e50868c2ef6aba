package net.nvgate.mgmt.docs;

import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/** What a reader sees of a node, as plain text: for headings and for the search. */
final class PageText extends AbstractVisitor {

    private final StringBuilder text = new StringBuilder();

    static String of(Node node) {
        PageText reader = new PageText();
        node.accept(reader);
        return reader.text.toString();
    }

    @Override
    public void visit(Text node) {
        text.append(node.getLiteral());
    }

    @Override
    public void visit(Code node) {
        text.append(node.getLiteral());
    }

    @Override
    public void visit(FencedCodeBlock node) {
        // Answers in JSON are examples: nobody looks for their values.
        if (node.getInfo() == null || !node.getInfo().startsWith("json")) {
            text.append(' ').append(node.getLiteral());
        }
    }

    @Override
    public void visit(IndentedCodeBlock node) {
        text.append(' ').append(node.getLiteral());
    }

    @Override
    public void visit(SoftLineBreak node) {
        text.append(' ');
    }

    @Override
    public void visit(HardLineBreak node) {
        text.append(' ');
    }

    /** Cells and items are words apart. */
    @Override
    protected void visitChildren(Node parent) {
        super.visitChildren(parent);
        if (parent instanceof org.commonmark.node.Block) {
            text.append(' ');
        }
    }
}
