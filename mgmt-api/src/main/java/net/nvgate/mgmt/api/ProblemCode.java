package net.nvgate.mgmt.api;

import java.util.Locale;

/** The stable error codes of the API; names and statuses are part of the contract. */
enum ProblemCode {
    MALFORMED_JSON(400, "Malformed JSON"),
    UNKNOWN_FIELD(400, "Unknown field"),
    MISSING_FIELD(400, "Missing field"),
    WRONG_TYPE(400, "Wrong type"),
    INVALID_VALUE(400, "Invalid value"),
    REFERENCE_NOT_FOUND(400, "Reference not found"),
    UNKNOWN_PARAMETER(400, "Unknown parameter"),
    BAD_REQUEST(400, "Bad request"),
    UNAUTHENTICATED(401, "Unauthenticated"),
    LOGIN_FAILED(401, "Login failed"),
    FORBIDDEN_ORIGIN(403, "Forbidden origin"),
    FORBIDDEN(403, "Forbidden"),
    PASSWORD_CHANGE_REQUIRED(403, "Password change required"),
    NOT_FOUND(404, "Not found"),
    NO_SUCH_PATH(404, "No such path"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NAME_TAKEN(409, "Name taken"),
    CONFLICT(409, "Conflict"),
    IN_USE(409, "In use"),
    EXHAUSTED(409, "Exhausted"),
    LIMIT_REACHED(409, "Limit reached"),
    PRECONDITION_FAILED(412, "Precondition failed"),
    BODY_TOO_LARGE(413, "Body too large"),
    URI_TOO_LONG(414, "URI too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    MISDIRECTED_REQUEST(421, "Misdirected request"),
    TOO_MANY_ATTEMPTS(429, "Too many attempts"),
    HEADERS_TOO_LARGE(431, "Headers too large"),
    INTERNAL(500, "Internal error"),
    NODE_ANSWER_INVALID(502, "Node answer invalid"),
    STORE_UNAVAILABLE(503, "Store unavailable"),
    STORE_FENCED(503, "Store fenced"),
    BUSY(503, "Busy"),
    NOT_VISIBLE_YET(503, "Not visible yet"),
    NODE_NOT_CONNECTED(503, "Node not connected"),
    NODE_TIMEOUT(504, "Node timeout");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** HTTP status. */
    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** As in the JSON member {@code code}, e.g. {@code in-use}. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
