package net.nvgate.fabric.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListTest {

    @TempDir
    private Path directory;

    /** Who turns the pages of a long list does not have it sorted or copied for each of them. */
    @Test
    void aListIsTheSameUntilOneOfItsKindChanges() {
        try (SqliteStore store = SqliteStore.open(directory);
                TestFabric fabric = new TestFabric(store, 7)) {
            fabric.vmNetwork("red");
            fabric.vmNetwork("blue");
            List<FabricObject> first = fabric.manager.list(Kind.VM_NETWORK);
            assertThat(first).extracting(FabricObject::name).containsExactly("blue", "red");
            fabric.manager.patch(
                    Kind.LOGICAL_NETWORK,
                    fabric.manager.list(Kind.LOGICAL_NETWORK).getFirst().id(),
                    Patch.read("{\"description\":\"other\"}"));
            assertThat(fabric.manager.list(Kind.VM_NETWORK)).isSameAs(first);
            fabric.vmNetwork("green");
            assertThat(fabric.manager.list(Kind.VM_NETWORK))
                    .extracting(FabricObject::name)
                    .containsExactly("blue", "green", "red");
            assertThat(first).hasSize(2);
        }
    }
}
