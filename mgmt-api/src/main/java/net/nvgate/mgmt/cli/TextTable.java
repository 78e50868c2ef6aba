package net.nvgate.mgmt.cli;

import java.io.PrintWriter;
import java.util.List;

/** Rows of text, each column as wide as its widest cell. */
final class TextTable {

    private TextTable() {}

    /** @param rows all of the same number of cells, the head first */
    static void print(PrintWriter out, List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                line.append(cell).repeat(' ', widths[column] - cell.length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }
}
