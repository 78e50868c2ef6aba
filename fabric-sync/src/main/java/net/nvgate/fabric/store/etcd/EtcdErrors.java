package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import java.util.concurrent.TimeoutException;

/** What errors of the client library mean. */
final class EtcdErrors {

    private EtcdErrors() {}

    /** True if the same request may succeed at another member, or later. */
    static boolean mayPass(Throwable error) {
        if (historyCompacted(error)) {
            return false;
        }
        if (error instanceof EtcdException etcd) {
            return switch (etcd.getErrorCode()) {
                case INVALID_ARGUMENT, OUT_OF_RANGE, PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND, UNIMPLEMENTED ->
                    false;
                default -> true;
            };
        }
        Status status = Status.fromThrowable(error);
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE, PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND, UNIMPLEMENTED -> false;
            // "database space exceeded" stays until somebody makes room; "too many requests" passes.
            case RESOURCE_EXHAUSTED -> !String.valueOf(status.getDescription()).contains("space exceeded");
            default -> true;
        };
    }

    /** True if etcd no longer has the revision that was asked for. */
    static boolean historyCompacted(Throwable error) {
        return error instanceof CompactedException
                || String.valueOf(error.getMessage()).contains("required revision has been compacted");
    }

    static String text(Throwable error) {
        return error instanceof TimeoutException ? "no answer" : String.valueOf(error.getMessage());
    }
}
