package net.nvgate.fabric.hyperv;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import net.nvgate.fabric.model.FabricJson;

/**
 * An answer to a host.
 *
 * @param contentType of the body
 * @param headers besides
 */
record HostAnswer(HttpResponseStatus status, String contentType, String body, Map<String, String> headers) {

    static final String JSON = "application/json";
    static final String REVISION = "Nvgate-Revision";

    HostAnswer {
        headers = Map.copyOf(headers);
    }

    static HostAnswer json(Map<String, ?> body) {
        return new HostAnswer(HttpResponseStatus.OK, JSON, FabricJson.write(body), Map.of());
    }

    static HostAnswer problem(HttpResponseStatus status, String code, String detail) {
        return new HostAnswer(status, JSON, FabricJson.write(Map.of("code", code, "detail", detail)), Map.of());
    }

    static HostAnswer script(String text, String version) {
        return new HostAnswer(
                HttpResponseStatus.OK, "text/plain; charset=us-ascii", text, Map.of("ETag", "\"" + version + "\""));
    }

    static HostAnswer policy(String document, String tag, long revision) {
        return new HostAnswer(
                HttpResponseStatus.OK,
                "application/x-ndjson",
                document,
                Map.of("ETag", tag, REVISION, Long.toString(revision)));
    }

    static HostAnswer unchanged(String tag, long revision) {
        return new HostAnswer(
                HttpResponseStatus.NOT_MODIFIED, "", "", Map.of("ETag", tag, REVISION, Long.toString(revision)));
    }

    static HostAnswer done() {
        return new HostAnswer(HttpResponseStatus.NO_CONTENT, "", "", Map.of());
    }
}
