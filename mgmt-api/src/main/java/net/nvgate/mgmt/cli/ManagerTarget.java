package net.nvgate.mgmt.cli;

import java.util.List;
import net.nvgate.fabric.netwnv.ImportRun;
import tools.jackson.databind.JsonNode;

/** The fabric of a manager, as imports ask it. */
final class ManagerTarget implements ImportRun.Target {

    static final String PLAN = "plan?prune=true&replace=true";
    private static final String APPLY = "apply?prune=true&replace=true";

    private final FilesClient client;

    /** @param client closed by its owner */
    ManagerTarget(FilesClient client) {
        this.client = client;
    }

    @Override
    public ImportRun.Pending plan(String file) throws FilesClient.RefusedException {
        JsonNode changes = client.post(PLAN, file).get("changes");
        List<String> hosts = changes.valueStream()
                .filter(change -> change.get("kind").asString().equals("host")
                        && change.get("action").asString().equals("DELETE"))
                .map(change -> change.get("name").asString())
                .toList();
        return new ImportRun.Pending(changes.size(), hosts);
    }

    @Override
    public long apply(String file) throws FilesClient.RefusedException {
        return client.post(APPLY, file).get("revision").asLong();
    }
}
