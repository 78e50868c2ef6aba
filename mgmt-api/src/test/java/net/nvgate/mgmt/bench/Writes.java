package net.nvgate.mgmt.bench;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import net.nvgate.mgmt.bench.OpenLoop.Answer;

/** Changes in equal parts: a VM, a port forward or a rule list is made, changed, deleted; who makes one waits for each answer. */
final class Writes {

    private static final int ACTORS = 96;

    private final LoadClient client;
    private final Queue<Actor> idle = new ConcurrentLinkedQueue<>();

    /** What an actor does next. */
    private record Step(String what, HttpMethod method, String path, String body) {}

    Writes(LoadClient client, List<String> tokens, Function<String, List<JsonObject>> ids) {
        this.client = client;
        Random random = new Random(2);
        List<JsonObject> vms = ids.apply("vms");
        List<JsonObject> connections = ids.apply("nat-connections");
        List<JsonObject> networks = ids.apply("vm-networks");
        long stamp = System.nanoTime();
        for (int i = 0; i < ACTORS; i++) {
            String name = "bench" + stamp + "." + i;
            String token = tokens.get(i % tokens.size());
            JsonObject made = new JsonObject().put("name", name);
            switch (i % 3) {
                case 0 -> {
                    JsonObject beside = vms.get(random.nextInt(vms.size()));
                    JsonObject nic = beside.getJsonArray("nics").getJsonObject(0);
                    made.put("hostId", beside.getString("hostId"))
                            .put("nics", List.of(new JsonObject().put("vmSubnetId", nic.getString("vmSubnetId"))));
                    idle.add(new Actor("VM", "vms", made, token));
                }
                case 1 -> {
                    made.put(
                                    "natConnectionId",
                                    connections
                                            .get(random.nextInt(connections.size()))
                                            .getString("id"))
                            .put("protocol", "TCP")
                            .put("externalPort", 20_000 + (int) (stamp % 300) * ACTORS + i)
                            .put("internalAddress", "10.0.0.11")
                            .put("internalPort", 443);
                    idle.add(new Actor("port forward", "nat-rules", made, token));
                }
                default -> {
                    JsonObject rule = new JsonObject()
                            .put("name", "web")
                            .put("priority", 100)
                            .put("direction", "INBOUND")
                            .put("action", "ALLOW")
                            .put("protocol", "TCP");
                    made.put(
                                    "vmNetworkId",
                                    networks.get(random.nextInt(networks.size()))
                                            .getString("id"))
                            .put("rules", List.of(rule));
                    idle.add(new Actor("rule list", "port-acls", made, token));
                }
            }
        }
    }

    /** Called by one thread; if all actors still wait for answers, the first that has one goes on. */
    Future<Answer> ask(@SuppressWarnings("unused") long number) {
        Actor actor = idle.poll();
        if (actor == null) {
            return Future.succeededFuture(new Answer("change not asked for: " + ACTORS + " are in work", 0));
        }
        return actor.next();
    }

    private final class Actor {

        private final String what;
        private final String path;
        private final JsonObject made;
        private final String token;
        private final Queue<Step> steps = new ArrayDeque<>();

        Actor(String what, String kind, JsonObject made, String token) {
            this.what = what;
            this.path = "/api/v1/" + kind;
            this.made = made;
            this.token = token;
        }

        Future<Answer> next() {
            if (steps.isEmpty()) {
                return client.send(HttpMethod.POST, path, token, made.encode())
                        .map(reply -> {
                            if (reply.status() == 201) {
                                String own =
                                        path + "/" + reply.body().toJsonObject().getString("id");
                                steps.add(new Step(
                                        "change of a " + what,
                                        HttpMethod.PATCH,
                                        own,
                                        new JsonObject().put("description", own).encode()));
                                steps.add(new Step("end of a " + what, HttpMethod.DELETE, own, ""));
                            }
                            return new Answer("new " + what, reply.status());
                        })
                        .onComplete(_ -> idle.add(this));
            }
            Step step = steps.remove();
            return client.ask(step.what(), step.method(), step.path(), token, step.body())
                    .onComplete(_ -> idle.add(this));
        }

        /** What is still there of it. */
        Future<?> clean() {
            while (!steps.isEmpty()) {
                Step step = steps.remove();
                if (step.method().equals(HttpMethod.DELETE)) {
                    return client.send(step.method(), step.path(), token, "");
                }
            }
            return Future.succeededFuture();
        }
    }

    /** Deletes what the last round left; all changes have been answered. */
    void clean() {
        idle.forEach(actor -> actor.clean().await());
    }
}
