package net.nvgate.mgmt.api;

import io.vertx.ext.web.handler.HttpException;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import net.nvgate.fabric.file.FileException;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.VersionException;
import net.nvgate.mgmt.access.AccessException;
import net.nvgate.mgmt.access.Passwords;
import org.jspecify.annotations.Nullable;

/** From what went wrong to what the client is told. */
final class ProblemMapper {

    private ProblemMapper() {}

    /**
     * @param failure why the request failed, if something was thrown
     * @param status what the router would answer; used when the failure says nothing
     */
    static Problem map(@Nullable Throwable failure, int status) {
        return switch (failure) {
            case null -> byStatus(status);
            case ProblemException e -> e.problem();
            case SchemaValidationException e -> SchemaProblems.explain(e);
            case ValidatorException e -> validator(e);
            case FabricException e -> fabric(e);
            case FileException e -> file(e);
            case ModelException e -> model(e);
            case AccessException e -> access(e);
            case VersionException e -> Problem.of(ProblemCode.PRECONDITION_FAILED, String.valueOf(e.getMessage()));
            case Passwords.BusyException _ -> Problem.of(ProblemCode.BUSY, "Too many logins at once; try again");
            case StoreException _ ->
                Problem.of(ProblemCode.STORE_UNAVAILABLE, "The store cannot be read or written now; try again");
            case CompletionException e when e.getCause() != null -> map(e.getCause(), status);
            case ExecutionException e when e.getCause() != null -> map(e.getCause(), status);
            case HttpException e when e.getCause() != null -> map(e.getCause(), e.getStatusCode());
            case HttpException e -> byStatus(e.getStatusCode());
            default -> byStatus(500);
        };
    }

    private static Problem fabric(FabricException e) {
        String detail = String.valueOf(e.getMessage());
        ProblemCode code = switch (e.code()) {
            case NOT_FOUND -> ProblemCode.NOT_FOUND;
            case INVALID -> ProblemCode.INVALID_VALUE;
            case REFERENCE_NOT_FOUND -> ProblemCode.REFERENCE_NOT_FOUND;
            case CONFLICT -> e.field().equals(Optional.of("name")) ? ProblemCode.NAME_TAKEN : ProblemCode.CONFLICT;
            case CHANGED -> ProblemCode.PRECONDITION_FAILED;
            case IN_USE -> ProblemCode.IN_USE;
            case EXHAUSTED -> ProblemCode.EXHAUSTED;
            case QUOTA -> ProblemCode.LIMIT_REACHED;
            case BUSY -> ProblemCode.BUSY;
            case STORE_UNAVAILABLE -> ProblemCode.STORE_UNAVAILABLE;
            case STORE_FENCED -> ProblemCode.STORE_FENCED;
            case NOT_VISIBLE_YET -> ProblemCode.NOT_VISIBLE_YET;
        };
        return new Problem(code, detail, e.field(), Optional.of(e.object()), e.users(), e.operation());
    }

    private static Problem file(FileException e) {
        String detail = String.valueOf(e.getMessage());
        Problem problem = e.refusal()
                .map(refusal -> fabric(refusal).said(detail))
                .orElseGet(() ->
                        Problem.of(e.isUnknownField() ? ProblemCode.UNKNOWN_FIELD : ProblemCode.INVALID_VALUE, detail));
        return e.path().isEmpty() ? problem : problem.atField(e.path());
    }

    private static Problem access(AccessException e) {
        ProblemCode code = switch (e.code()) {
            case LOGIN_FAILED -> ProblemCode.LOGIN_FAILED;
            case FORBIDDEN -> ProblemCode.FORBIDDEN;
            case NOT_FOUND -> ProblemCode.NOT_FOUND;
            case NAME_TAKEN -> ProblemCode.NAME_TAKEN;
            case CONFLICT -> ProblemCode.CONFLICT;
            case INVALID -> ProblemCode.INVALID_VALUE;
        };
        Problem problem = Problem.of(code, String.valueOf(e.getMessage()));
        return e.field().isEmpty() ? problem : problem.atField(e.field());
    }

    private static Problem model(ModelException e) {
        return Problem.of(ProblemCode.INVALID_VALUE, String.valueOf(e.getMessage()))
                .atField(e.field())
                .aboutObject(e.object());
    }

    /** Errors of the body or a parameter before its schema is looked at. */
    private static Problem validator(ValidatorException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.type()) {
            case ILLEGAL_VALUE -> Problem.of(ProblemCode.MALFORMED_JSON, "The body is not valid JSON");
            case MISSING_REQUIRED_PARAMETER -> Problem.of(ProblemCode.MISSING_FIELD, "The body is required");
            default -> Problem.of(ProblemCode.BAD_REQUEST, message);
        };
    }

    private static Problem byStatus(int status) {
        return switch (status) {
            case 413 ->
                Problem.of(
                        ProblemCode.BODY_TOO_LARGE,
                        "The body is larger than " + BodyLimits.BODY_BYTES_MAX + " bytes, of a batch "
                                + BodyLimits.BATCH_BYTES_MAX + ", of a fabric file what http.file-mib says");
            case 414 -> Problem.of(ProblemCode.URI_TOO_LONG, "The request line is too long");
            case 431 -> Problem.of(ProblemCode.HEADERS_TOO_LARGE, "The headers are too large");
            case 404 -> Problem.of(ProblemCode.NO_SUCH_PATH, "There is nothing at this path");
            case 405 -> Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path does not allow the method");
            default ->
                status >= 400 && status < 500
                        ? Problem.of(ProblemCode.BAD_REQUEST, "The request cannot be understood")
                        : Problem.of(
                                ProblemCode.INTERNAL,
                                "Something went wrong; the log has the reason under this request id");
        };
    }
}
