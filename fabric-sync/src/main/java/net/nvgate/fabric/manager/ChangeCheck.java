package net.nvgate.fabric.manager;

import java.util.Collection;
import java.util.List;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Transaction;

/** Looks at what a request comes to before it is committed, or told of in a dry run. */
public interface ChangeCheck {

    /** Everything is allowed. */
    ChangeCheck NONE = _ -> {};

    /**
     * Called with each plan of a request, once or more often.
     *
     * @param changes every object before and after, also of what the request did not name
     * @throws RuntimeException if it must not be made; the caller gets it
     */
    void check(Collection<ObjectChange> changes);

    /**
     * What is committed with it, in the same transaction; no objects of the fabric.
     *
     * @param results one for each operation
     */
    default List<Transaction.Change> besides(List<FabricObject> results) {
        return List.of();
    }
}
