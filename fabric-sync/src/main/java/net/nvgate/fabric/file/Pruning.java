package net.nvgate.fabric.file;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.file.FileStep.Action;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ProviderAddress;

/** Objects that a file made before, and no longer has. */
final class Pruning {

    private final FabricFile file;
    private final Names names;
    private final References references;

    Pruning(FabricFile file, Names names, References references) {
        this.file = file;
        this.names = names;
        this.references = references;
    }

    /** Users before what they use. */
    List<FileStep> steps() {
        return Kind.ofFabric().reversed().stream()
                .flatMap(kind -> names.all(kind).stream())
                .filter(object -> file.name().equals(object.meta().labels().get(FabricFile.LABEL)))
                .filter(object -> !references.has(object.kind(), key(object)))
                .filter(object -> !names.comesByItself(object) && !references.comesWithEntry(object))
                .filter(object -> !(object instanceof ProviderAddress pa && names.goesByItself(pa)))
                .map(object -> new FileStep(
                        Action.DELETE,
                        object.kind(),
                        key(object),
                        List.of(),
                        "",
                        "",
                        List.of(new Operation.Delete(
                                object.kind(), object.id(), Optional.of(object.changedRevision())))))
                .toList();
    }

    private String key(FabricObject object) {
        return names.key(object.id()).orElseThrow();
    }
}
