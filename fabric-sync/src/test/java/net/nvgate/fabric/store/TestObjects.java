package net.nvgate.fabric.store;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.store.Transaction.Delete;
import net.nvgate.fabric.store.Transaction.Put;

/** Objects and transactions for tests of stores. */
public final class TestObjects {

    private TestObjects() {}

    public static LogicalNetwork network(String name) {
        return new LogicalNetwork(Meta.of(UUID.randomUUID(), name, ""), true);
    }

    public static NetworkSite site(String name, UUID logicalNetworkId, String prefix) {
        return new NetworkSite(
                Meta.of(UUID.randomUUID(), name, ""),
                logicalNetworkId,
                List.of(new NetworkSite.Subnet(IpPrefix.parse(prefix), 0)),
                1500,
                List.of());
    }

    public static UniqueKey name(String name) {
        return new UniqueKey("name", name);
    }

    public static Put put(FabricObject object) {
        return new Put(object, Set.of(name(object.name())), object.references());
    }

    public static Transaction puts(FabricObject... objects) {
        List<Transaction.Change> changes =
                Stream.of(objects).<Transaction.Change>map(TestObjects::put).toList();
        return new Transaction(0, changes, Set.of());
    }

    public static Transaction delete(FabricObject object) {
        return new Transaction(0, List.of(new Delete(object)), Set.of());
    }

    /** The object as the store stamps it for {@link Origin#SYSTEM}. */
    @SuppressWarnings("unchecked") // an object keeps its type
    public static <T extends FabricObject> T at(T object, long createdRevision, long changedRevision) {
        Meta meta = object.meta();
        String actor = Origin.SYSTEM.actor();
        return (T) object.withMeta(new Meta(
                meta.id(),
                meta.name(),
                meta.description(),
                meta.labels(),
                createdRevision,
                changedRevision,
                actor,
                actor));
    }

    @SuppressWarnings("unchecked") // an object keeps its type
    public static <T extends FabricObject> T renamed(T object, String name, String description) {
        return (T) object.withMeta(object.meta().renamed(name, description));
    }
}
