package net.nvgate.fabric.manager;

import java.util.List;

/**
 * What is to become one transaction.
 *
 * @param operations 1..{@value FabricManager#OPERATIONS_MAX} of a caller, or those that undo a revision
 * @param anyOrder false: each sees those before it. True: they are carried out in whatever order succeeds; of those that
 *     never do, the first is refused.
 */
public record ChangeRequest(List<Operation> operations, boolean anyOrder) {

    public ChangeRequest {
        operations = List.copyOf(operations);
    }

    public static ChangeRequest of(Operation operation) {
        return new ChangeRequest(List.of(operation), false);
    }

    /** Operations of a caller, one after the other. */
    public static ChangeRequest inOrder(List<Operation> operations) {
        return new ChangeRequest(operations, false);
    }
}
