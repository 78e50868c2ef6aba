package net.nvgate.fabric.manager;

import java.util.List;

/**
 * What is to become one transaction.
 *
 * @param operations 1..{@value FabricManager#OPERATIONS_MAX} of a caller, or those that undo a revision
 * @param anyOrder false: each sees those before it. True: they are carried out in whatever order succeeds; of those that
 *     never do, the first is refused.
 * @param numbered a refusal says which operation it was
 */
public record ChangeRequest(List<Operation> operations, boolean anyOrder, boolean numbered) {

    public ChangeRequest {
        operations = List.copyOf(operations);
    }

    public ChangeRequest(List<Operation> operations, boolean anyOrder) {
        this(operations, anyOrder, true);
    }

    boolean isSingle() {
        return operations.size() == 1;
    }

    /** As the caller sees it. */
    FabricException refusal(FabricException refusal, int place) {
        return numbered ? refusal.at(place) : refusal;
    }

    /** One operation; it does not keep others waiting. */
    public static ChangeRequest of(Operation operation) {
        return new ChangeRequest(List.of(operation), false, false);
    }

    /** Operations of a caller, one after the other. */
    public static ChangeRequest inOrder(List<Operation> operations) {
        return new ChangeRequest(operations, false);
    }
}
