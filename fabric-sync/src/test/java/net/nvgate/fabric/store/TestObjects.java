package net.nvgate.fabric.store;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.store.Transaction.Delete;
import net.nvgate.fabric.store.Transaction.Put;

/** Objects and transactions for tests of stores. */
final class TestObjects {

    private TestObjects() {}

    static LogicalNetwork network(String name) {
        return new LogicalNetwork(UUID.randomUUID(), name, "", true, 0, 0);
    }

    static NetworkSite site(String name, UUID logicalNetworkId, String prefix) {
        return new NetworkSite(
                UUID.randomUUID(),
                name,
                "",
                logicalNetworkId,
                List.of(new NetworkSite.Subnet(IpPrefix.parse(prefix), 0)),
                1500,
                0,
                0);
    }

    static UniqueKey name(String name) {
        return new UniqueKey("name", name);
    }

    static Put put(FabricObject object) {
        return new Put(object, Set.of(name(object.name())), object.references());
    }

    static Transaction puts(FabricObject... objects) {
        List<Transaction.Change> changes =
                Stream.of(objects).<Transaction.Change>map(TestObjects::put).toList();
        return new Transaction(0, changes, Set.of());
    }

    static Transaction delete(FabricObject object) {
        return new Transaction(0, List.of(new Delete(object)), Set.of());
    }
}
