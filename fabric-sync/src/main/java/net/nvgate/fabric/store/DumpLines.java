package net.nvgate.fabric.store;

import java.io.StringWriter;
import net.nvgate.fabric.model.FabricJson;
import tools.jackson.core.JsonGenerator;

/**
 * Pieces of a dump as lines of JSON; the same store gives the same lines wherever it is kept.
 *
 * <pre>
 *  {"fabricId":"UUID","revision":9,"compacted":2}
 *  {"kind":"vm","object":{...},"keys":[...],"references":[...]}         {@link StoredJson}
 *  {"guard":"NAME","passed":7}
 *  {"revision":3,"at":...,"actor":"...","changes":[...]}                 {@link StoredJson}
 * </pre>
 */
public final class DumpLines {

    private DumpLines() {}

    public static String header(DumpHeader header) {
        return FabricJson.write(header);
    }

    public static String object(StoredObject object) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FabricJson.mapper().createGenerator(text)) {
            StoredJson.write(out, object);
        }
        return text.toString();
    }

    public static String guard(String name, long revision) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FabricJson.mapper().createGenerator(text)) {
            out.writeStartObject();
            out.writeStringProperty("guard", name);
            out.writeNumberProperty("passed", revision);
            out.writeEndObject();
        }
        return text.toString();
    }

    public static String revision(RevisionChanges changes) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FabricJson.mapper().createGenerator(text)) {
            StoredJson.write(out, LoggedRevision.withoutLinks(changes));
        }
        return text.toString();
    }
}
