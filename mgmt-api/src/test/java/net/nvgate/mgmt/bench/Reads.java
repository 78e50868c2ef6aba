package net.nvgate.mgmt.bench;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.nvgate.mgmt.bench.OpenLoop.Answer;

/** What people and programs look at, mixed: single objects, pages of lists, views of tenants, of gateways and of the manager. */
final class Reads {

    /** What is asked for, of a hundred requests. */
    private record Kind(String what, double percent, Function<Random, String> path) {}

    private final LoadClient client;
    private final List<String> tokens;
    private final List<String> tenantTokens;
    private final List<Kind> all = new ArrayList<>();
    private final List<Kind> ofTenants = new ArrayList<>();
    private final Random random = new Random(1);

    /** @param ids of objects, by kind */
    Reads(LoadClient client, List<String> tokens, List<String> tenantTokens, Function<String, List<JsonObject>> ids) {
        this.client = client;
        this.tokens = tokens;
        this.tenantTokens = tenantTokens;
        List<JsonObject> vms = ids.apply("vms");
        List<JsonObject> networks = ids.apply("vm-networks");
        List<JsonObject> subnets = ids.apply("vm-subnets");
        List<JsonObject> hosts = ids.apply("hosts");
        List<JsonObject> connections = ids.apply("nat-connections");
        String gateway = ids.apply("gateways").stream()
                .filter(one -> one.getString("name").equals("gw0"))
                .findFirst()
                .orElseThrow()
                .getString("id");
        int vmCount = networks.size() * BigFabric.VMS_PER_NETWORK;
        all.add(new Kind("VM", 25, r -> "vms/" + one(vms, r)));
        all.add(new Kind("VM network", 10, r -> "vm-networks/" + one(networks, r)));
        all.add(new Kind("page of VMs", 10, r -> "vms?limit=50&offset=" + r.nextInt(vmCount)));
        all.add(new Kind("page of VM networks", 8, r -> "vm-networks?limit=50&offset=" + r.nextInt(networks.size())));
        all.add(new Kind("VMs of a subnet", 12, r -> "vms?filter=nics.vmSubnetId=" + one(subnets, r)));
        all.add(new Kind("VMs of a host", 6, r -> "vms?limit=50&sort=-changedRevision&filter=hostId=" + one(hosts, r)));
        all.add(new Kind(
                "NAT rules of a connection", 6, r -> "nat-rules?filter=natConnectionId=" + one(connections, r)));
        all.add(new Kind("last changed VM networks", 3, _ -> "vm-networks?limit=25&sort=-changedRevision"));
        all.add(new Kind("last changed VMs", 1, _ -> "vms?limit=25&sort=-changedRevision"));
        all.add(new Kind("VMs found by name", 1, r -> "vms?limit=25&filter=name~m" + r.nextInt(networks.size()) + "-"));
        all.add(new Kind("VMs by label", 0.5, r -> "vms?limit=25&filter=labels.tier=t" + r.nextInt(3)));
        all.add(new Kind(
                "fields of VMs", 2, r -> "select/vms?fields=id,name,nics&limit=50&offset=" + r.nextInt(vmCount)));
        all.add(new Kind("overview", 1, _ -> "fabric"));
        all.add(new Kind("log", 2, _ -> "revisions?limit=20"));
        all.add(new Kind("followers", 0.5, _ -> "followers"));
        all.add(new Kind("sessions of a gateway", 1, _ -> "gateways/" + gateway + "/sessions?limit=50"));
        all.add(new Kind("metrics", 0.1, _ -> "/metrics"));
        ofTenants.add(new Kind("tenant: VMs", 4, _ -> "vms?limit=50"));
        ofTenants.add(new Kind("tenant: VM networks", 3, _ -> "vm-networks?limit=50"));
        ofTenants.add(new Kind("tenant: NAT rules", 2, _ -> "nat-rules?limit=50"));
        ofTenants.add(new Kind("tenant: overview", 1.9, _ -> "fabric"));
    }

    private static String one(List<JsonObject> of, Random random) {
        return of.get(random.nextInt(of.size())).getString("id");
    }

    /** Called by one thread. */
    Future<Answer> ask(long number) {
        double at = random.nextDouble() * 100;
        for (Kind kind : all) {
            at -= kind.percent();
            if (at < 0) {
                return ask(kind, tokens.get((int) (number % tokens.size())));
            }
        }
        for (Kind kind : ofTenants) {
            at -= kind.percent();
            if (at < 0) {
                return ask(kind, tenantTokens.get((int) (number % tenantTokens.size())));
            }
        }
        return ask(all.getFirst(), tokens.getFirst());
    }

    private Future<Answer> ask(Kind kind, String token) {
        String path = kind.path().apply(random);
        return client.ask(kind.what(), HttpMethod.GET, path.startsWith("/") ? path : "/api/v1/" + path, token, "");
    }
}
