package net.nvgate.fabric.netwnv;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes records as {@code Export-Clixml} does, so that {@code Import-Clixml} gives objects with their types. */
final class ClixmlWriter {

    private static final String NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04";
    /** What XML cannot have, and what reads like an escape. */
    private static final Pattern TO_ESCAPE =
            Pattern.compile("[\\p{Cc}\\ufffe\\uffff\\ud800-\\udfff]|_(?=x[0-9A-Fa-f]{4}_)");

    private final StringBuilder out = new StringBuilder();
    private int refs;

    private ClixmlWriter() {}

    static <T> String write(NetWnvClass<T> type, List<T> records) {
        ClixmlWriter writer = new ClixmlWriter();
        writer.out
                .append("<Objs Version=\"1.1.0.1\" xmlns=\"")
                .append(NAMESPACE)
                .append("\">\n");
        records.forEach(record -> writer.object(type, record));
        return writer.out.append("</Objs>\n").toString();
    }

    private <T> void object(NetWnvClass<T> type, T record) {
        String cimClass = "MSFT_" + type.noun() + "SettingData";
        out.append("  <Obj RefId=\"")
                .append(refs++)
                .append("\">\n    <TN RefId=\"")
                .append(refs++)
                .append("\">");
        type("Selected.Microsoft.Management.Infrastructure.CimInstance#root/standardcimv2/" + cimClass);
        type("System.Management.Automation.PSCustomObject");
        type("System.Object");
        out.append("</TN>\n    <MS>\n");
        type.columns().forEach(column -> property(column, column.value().apply(record)));
        out.append("    </MS>\n  </Obj>\n");
    }

    private void type(String name) {
        out.append("<T>").append(escaped(name)).append("</T>");
    }

    private void property(NetWnvClass.Column<?> column, Optional<?> value) {
        out.append("      ");
        switch (value.orElse(null)) {
            case null -> out.append("<Nil N=\"").append(column.name()).append("\" />");
            case NetWnvName name -> enumeration(column.name(), name);
            case Object plain -> {
                String element = column.type().element();
                out.append('<')
                        .append(element)
                        .append(" N=\"")
                        .append(column.name())
                        .append("\">");
                out.append(escaped(plain.toString()))
                        .append("</")
                        .append(element)
                        .append('>');
            }
        }
        out.append('\n');
    }

    /** By name alone, because the numbers are not documented. */
    private void enumeration(String property, NetWnvName name) {
        out.append("<S N=\"").append(property).append("\">").append(name.text()).append("</S>");
    }

    static String escaped(String text) {
        String plain = TO_ESCAPE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        String.format("_x%04X_", (int) match.group().charAt(0))));
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
