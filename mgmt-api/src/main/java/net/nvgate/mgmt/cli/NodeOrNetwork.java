package net.nvgate.mgmt.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Whose live state is asked for: a gateway's, or what its gateway has of a VM network. */
final class NodeOrNetwork {

    @Option(names = "--gateway", paramLabel = "NAME", description = "of all tenants on this gateway")
    private @Nullable String gateway;

    @Option(names = "--vm-network", paramLabel = "NAME", description = "of this VM network")
    private @Nullable String network;

    /**
     * Its path below {@code /api/v1/}.
     *
     * @throws FilesClient.RefusedException if there is no such object, or not one of both is given
     */
    String path(FilesClient client) throws FilesClient.RefusedException {
        if ((gateway == null) == (network == null)) {
            throw new FilesClient.RefusedException("say --gateway NAME or --vm-network NAME");
        }
        return gateway != null ? path(client, "gateways", gateway) : path(client, "vm-networks", network);
    }

    static String path(FilesClient client, String kind, @Nullable String name) throws FilesClient.RefusedException {
        JsonNode page = Json.MAPPER.readTree(client.get(kind + "?name=" + query(String.valueOf(name))));
        for (JsonNode each : page.path("items")) {
            if (each.path("name").asString("").equals(name)) {
                return kind + "/" + each.path("id").asString("");
            }
        }
        throw new FilesClient.RefusedException("there is none of " + kind + " with the name " + name);
    }

    /** A value in a query. */
    static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
