package net.nvgate.fabric.netwnv;

import java.io.StringReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import net.nvgate.fabric.model.FabricJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * What {@code Export-Clixml} writes ([MS-PSRP] 2.2.5), as trees.
 *
 * <pre>
 *  &lt;Objs&gt;
 *    &lt;Obj RefId="0"&gt;                                     an object
 *      &lt;TN RefId="0"&gt;&lt;T&gt;...CimInstance...&lt;/T&gt;&lt;/TN&gt;      its types; &lt;TNRef RefId="0"/&gt; the same again
 *      &lt;Props&gt;&lt;U32 N="VirtualSubnetID"&gt;6000&lt;/U32&gt;       its properties; &lt;MS&gt; those that PowerShell adds
 *        &lt;Obj N="Rule"&gt;&lt;TN&gt;...&lt;T&gt;System.Enum&lt;/T&gt;&lt;/TN&gt;
 *          &lt;ToString&gt;TranslationMethodEncap&lt;/ToString&gt;&lt;By&gt;1&lt;/By&gt;&lt;/Obj&gt;
 *        &lt;Nil N="VMName"/&gt;&lt;/Props&gt;&lt;/Obj&gt;
 *    &lt;Obj&gt;&lt;TN&gt;...&lt;/TN&gt;&lt;LST&gt;...&lt;/LST&gt;&lt;/Obj&gt;               a list
 *    &lt;Ref RefId="7"/&gt;                                   an object that was there before
 * </pre>
 *
 * There is no DTD in it, so one is refused.
 */
final class ClixmlForm {

    private static final int DEPTH_MAX = 64;
    private static final String NAME = "N";
    private static final String REF_ID = "RefId";
    private static final String ENUM = "System.Enum";
    private static final Set<String> LISTS = Set.of("LST", "IE", "QUE", "STK");
    private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String file;
    private final XMLStreamReader xml;
    private final Map<String, JsonNode> objects = new HashMap<>();
    private final Set<String> enumTypes = new HashSet<>();

    private ClixmlForm(String file, String text) throws XMLStreamException {
        this.file = file;
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        xml = factory.createXMLStreamReader(new StringReader(text));
    }

    static NetWnvDocument read(String file, String text) {
        try {
            ClixmlForm form = new ClixmlForm(file, text);
            try {
                return new NetWnvDocument(file, JsonForm.entries(file, form.root()));
            } finally {
                form.xml.close();
            }
        } catch (XMLStreamException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNumber();
            throw new NetWnvException(
                    file,
                    line > 0 ? "line " + line : "",
                    "is not XML, or not complete: "
                            + NetWnvRow.shortened(String.valueOf(e.getMessage()).replaceAll("\\s+", " ")));
        }
    }

    private ArrayNode root() throws XMLStreamException {
        while (xml.next() != XMLStreamConstants.START_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.DTD) {
                throw error("a document type is not read");
            }
        }
        if (!xml.getLocalName().equals("Objs")) {
            throw error("Export-Clixml writes <Objs>, not <" + xml.getLocalName() + ">");
        }
        ArrayNode list = list(1);
        while (xml.hasNext()) {
            xml.next();
        }
        return list;
    }

    private NetWnvException error(String message) {
        return new NetWnvException(file, "line " + xml.getLocation().getLineNumber(), message);
    }

    /** The elements within the present one, up to its end. */
    private ArrayNode list(int depth) throws XMLStreamException {
        ArrayNode list = NODES.arrayNode();
        while (toChild()) {
            list.add(value(depth + 1));
        }
        return list;
    }

    /** To the next element within the present one; false at its end. */
    private boolean toChild() throws XMLStreamException {
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                case XMLStreamConstants.ENTITY_REFERENCE -> throw error("an entity is not read");
                default -> {}
            }
        }
    }

    private JsonNode value(int depth) throws XMLStreamException {
        if (depth > DEPTH_MAX) {
            throw error("more than " + DEPTH_MAX + " levels");
        }
        return switch (xml.getLocalName()) {
            case "Obj" -> object(depth);
            case "Nil" -> {
                toChild();
                yield NODES.nullNode();
            }
            case "Ref" -> {
                JsonNode referred = objects.get(String.valueOf(xml.getAttributeValue(null, REF_ID)));
                toChild();
                yield referred == null ? NODES.nullNode() : referred;
            }
            case "DCT" -> {
                list(depth);
                yield NODES.nullNode();
            }
            case String name when LISTS.contains(name) -> list(depth);
            default -> StringNode.valueOf(unescaped(xml.getElementText()));
        };
    }

    private JsonNode object(int depth) throws XMLStreamException {
        String id = xml.getAttributeValue(null, REF_ID);
        ObjectNode properties = FabricJson.mapper().createObjectNode();
        JsonNode content = properties;
        boolean enumeration = false;
        String name = "";
        while (toChild()) {
            switch (xml.getLocalName()) {
                case "TN", "TNRef" -> enumeration = isEnum(depth);
                case "ToString" -> name = unescaped(xml.getElementText());
                case "Props", "MS" -> properties(properties, depth);
                default -> content = value(depth + 1);
            }
        }
        JsonNode node = enumeration ? StringNode.valueOf(name) : content;
        if (id != null) {
            objects.put(id, node);
        }
        return node;
    }

    private void properties(ObjectNode properties, int depth) throws XMLStreamException {
        while (toChild()) {
            String name = xml.getAttributeValue(null, NAME);
            JsonNode value = value(depth + 1);
            if (name != null && !properties.hasNonNull(unescaped(name))) {
                properties.set(unescaped(name), value);
            }
        }
    }

    /** Whether a list of types, or one that was there before, has that of enumerations. */
    private boolean isEnum(int depth) throws XMLStreamException {
        String id = String.valueOf(xml.getAttributeValue(null, REF_ID));
        for (JsonNode type : list(depth)) {
            if (type.asString().equals(ENUM)) {
                enumTypes.add(id);
            }
        }
        return enumTypes.contains(id);
    }

    /** PowerShell writes characters that XML cannot have as _xHHHH_. */
    private static String unescaped(String text) {
        return text.contains("_x")
                ? ESCAPED.matcher(text)
                        .replaceAll(match ->
                                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))))
                : text;
    }

    /** Properties of one class's records, as {@code Get-... | Export-Clixml} writes them. */
    static <T> String write(NetWnvClass<T> type, NetWnvHost host) {
        return ClixmlWriter.write(type, type.of(host).toList());
    }
}
