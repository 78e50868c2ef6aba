package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventsTest extends ManagerTestBase {

    @Test
    @Timeout(300)
    void sendsTheOverviewAtOnceAndAfterAChange() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(api.uri(API + "events"))
                .header("Accept-Encoding", "gzip")
                .build();
        HttpResponse<InputStream> response = api.http().send(request, BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            JsonObject first = next(lines);
            assertThat(first.getJsonObject("counts").getInteger("logicalNetworks"))
                    .isZero();

            JsonObject made = api.create("logical-networks", "{'name':'provider'}");

            JsonObject event = next(lines);
            while (event.getLong("revision") < made.getLong("createdRevision")) {
                event = next(lines);
            }
            assertThat(event.getJsonObject("counts").getInteger("logicalNetworks"))
                    .isEqualTo(1);
            assertThat(event.fieldNames())
                    .isEqualTo(api.get(API + "fabric").json().fieldNames());
        }
    }

    private static JsonObject next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("data: ")) {
            assertThat(line).isIn("", "retry: 1000", "event: fabric");
            line = lines.readLine();
        }
        return new JsonObject(line.substring("data: ".length()));
    }
}
