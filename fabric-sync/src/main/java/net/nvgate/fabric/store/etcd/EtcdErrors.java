package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import net.nvgate.fabric.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What errors of the client library mean. */
final class EtcdErrors {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdErrors.class);

    /** A member that was started again knows no tokens; a new connection gets a new one. */
    private static final List<String> TRANSIENT_LOGIN_ERRORS =
            List.of("invalid auth token", "revision of auth store is old");

    private EtcdErrors() {}

    /**
     * What comes after something that is done, and that can be made up for later: if it fails, nobody may be told that the
     * whole has failed.
     */
    static void afterwards(String what, Runnable rest) {
        try {
            rest.run();
        } catch (StoreException e) {
            LOG.warn("{}: {}", what, e.getMessage());
        }
    }

    /** True if the same request may succeed at another member, or later. */
    static boolean mayPass(Throwable error) {
        if (historyCompacted(error)) {
            return false;
        }
        String message = text(error);
        if (TRANSIENT_LOGIN_ERRORS.stream().anyMatch(message::contains)) {
            return true;
        }
        if (error instanceof EtcdException etcd) {
            return switch (etcd.getErrorCode()) {
                case INVALID_ARGUMENT, OUT_OF_RANGE, PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND, UNIMPLEMENTED ->
                    false;
                default -> true;
            };
        }
        Status status = Status.fromThrowable(root(error));
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
        return error instanceof TimeoutException
                ? "no answer"
                : String.valueOf(root(error).getMessage());
    }

    /** Of a call that failed because its login did: why that did. */
    private static Throwable root(Throwable error) {
        Throwable root = error;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException) {
                root = cause;
            }
        }
        return root;
    }
}
