package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricJson;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code Export-Csv} writes and reads (RFC 4180 with CRLF, every value quoted).
 *
 * <pre>
 *  #TYPE Microsoft.Management.Infrastructure.CimInstance#root/standardcimv2/...   not with -NoTypeInformation, nor by PowerShell 7
 *  "CustomerAddress","VirtualSubnetID",...                                        ; with -UseCulture where the culture has it
 *  "10.0.0.5","6000",...
 * </pre>
 */
final class CsvForm {

    private static final String TYPE = "#TYPE";
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t');

    private final String file;
    private final String text;
    private final char delimiter;
    private int at;
    private int line = 1;

    private CsvForm(String file, String text) {
        this.file = file;
        this.text = text;
        int header = text.startsWith(TYPE) ? text.indexOf('\n') + 1 : 0;
        line = header > 0 ? 2 : 1;
        at = header;
        int end = text.indexOf('\n', header);
        String names = text.substring(header, end < 0 ? text.length() : end);
        delimiter = DELIMITERS.stream()
                .max(Comparator.comparingLong(
                        each -> names.chars().filter(c -> c == each).count()))
                .orElseThrow();
    }

    static NetWnvDocument read(String file, String text) {
        if (text.isBlank()) {
            return new NetWnvDocument(file, List.of());
        }
        if (!text.endsWith("\n")) {
            throw new NetWnvException(file, "", "is not complete: its last line has no end");
        }
        return new CsvForm(file, text).document();
    }

    private NetWnvDocument document() {
        List<String> names = next();
        List<NetWnvDocument.Entry> entries = new ArrayList<>();
        while (at < text.length()) {
            String place = "line " + line;
            List<String> values = next();
            if (values.size() == 1 && values.getFirst().isEmpty()) {
                continue;
            }
            if (values.size() != names.size()) {
                throw new NetWnvException(
                        file, place, "has " + values.size() + " values for " + names.size() + " properties");
            }
            ObjectNode object = FabricJson.mapper().createObjectNode();
            for (int i = 0; i < names.size(); i++) {
                object.put(names.get(i), values.get(i));
            }
            entries.add(new NetWnvDocument.Entry(place, object));
        }
        return new NetWnvDocument(file, entries);
    }

    /** The values of the next line, which may hold line ends in quotes. */
    private List<String> next() {
        List<String> values = new ArrayList<>();
        do {
            values.add(text.charAt(at) == '"' ? quoted() : bare());
        } while (more());
        return values;
    }

    private String quoted() {
        int begin = line;
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
            }
            if (c != '"') {
                value.append(c);
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                value.append(c);
                at++;
            } else {
                at++;
                return value.toString();
            }
        }
        throw new NetWnvException(file, "line " + begin, "has a quote that does not end");
    }

    private String bare() {
        int begin = at;
        while (text.charAt(at) != delimiter && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            at++;
        }
        return text.substring(begin, at);
    }

    /** Passes what follows a value: true for a delimiter, false for the end of a line. The text ends with one. */
    private boolean more() {
        if (at < text.length() && text.charAt(at) == delimiter) {
            at++;
            return true;
        }
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at >= text.length() || text.charAt(at) != '\n') {
            throw new NetWnvException(file, "line " + line, "has a value that goes on after its quote");
        }
        at++;
        line++;
        return false;
    }

    /** What {@code Export-Csv -NoTypeInformation} of one class writes. */
    static <T> String write(NetWnvClass<T> type, NetWnvHost host) {
        Stream<String> header = Stream.of(
                type.columns().stream().map(column -> quote(column.name())).collect(Collectors.joining(",")));
        Stream<String> lines = type.of(host)
                .map(record -> type.columns().stream()
                        .map(column -> column.value()
                                .apply(record)
                                .map(CsvForm::valueText)
                                .map(CsvForm::quote)
                                .orElse(""))
                        .collect(Collectors.joining(",")));
        return Stream.concat(header, lines).map(each -> each + "\r\n").collect(Collectors.joining());
    }

    private static String valueText(Object value) {
        return switch (value) {
            case NetWnvName name -> name.text();
            case Boolean flag -> flag ? "True" : "False";
            default -> value.toString();
        };
    }

    private static String quote(String value) {
        return '"' + value.replace("\"", "\"\"") + '"';
    }
}
