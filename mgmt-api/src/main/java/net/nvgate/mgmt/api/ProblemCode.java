package net.nvgate.mgmt.api;

import java.util.Locale;

/** The stable error codes of the API; names and statuses are part of the contract. */
enum ProblemCode {
    MALFORMED_JSON(400, "Malformed JSON", "Send one JSON object in UTF-8; `jq . FILE` shows where it is broken"),
    UNKNOWN_FIELD(
            400,
            "Unknown field",
            "See the schema of the request in /openapi.yaml; a field of a newer version needs a newer manager"),
    MISSING_FIELD(400, "Missing field", "Give the field that `field` names"),
    WRONG_TYPE(400, "Wrong type", "Numbers and booleans stand without quotes, text with them"),
    INVALID_VALUE(400, "Invalid value", "`detail` has the rule; /openapi.yaml has the form of every field"),
    REFERENCE_NOT_FOUND(
            400, "Reference not found", "List objects of that kind and take an id of theirs; make them first"),
    UNKNOWN_PARAMETER(400, "Unknown parameter", "See the parameters of the operation in /openapi.yaml"),
    BAD_REQUEST(400, "Bad request", "See the operation in /openapi.yaml"),
    UNAUTHENTICATED(401, "Unauthenticated", "POST /api/v1/login, `nvgate login`, or send Authorization: Bearer TOKEN"),
    LOGIN_FAILED(401, "Login failed", "Check name and password; an admin can give a new password"),
    FORBIDDEN_ORIGIN(
            403,
            "Forbidden origin",
            "Use the address that the page was loaded from; a client without a page sends no Origin"),
    FORBIDDEN(403, "Forbidden", "GET /api/v1/session says what you may; ask somebody who has the permission"),
    PASSWORD_CHANGE_REQUIRED(
            403, "Password change required", "POST /api/v1/password with the current and a new password"),
    NOT_FOUND(404, "Not found", "List the objects of the kind; it may have been deleted: GET /api/v1/KIND/ID/history"),
    NO_SUCH_PATH(404, "No such path", "All paths are in /openapi.yaml"),
    METHOD_NOT_ALLOWED(405, "Method not allowed", "The header Allow has the methods of this path"),
    REQUEST_TIMEOUT(408, "Request timeout", "Send the whole body within a minute, or less at once"),
    NAME_TAKEN(409, "Name taken", "Choose another name, or change the object that has it"),
    CONFLICT(409, "Conflict", "`detail` says what is in the way: choose another value, or change that first"),
    IDEMPOTENCY_KEY_USED(
            409, "Idempotency key used", "Take a new key for another request; the old one stays that of the first"),
    SECRET_SHOWN_ONCE(
            409,
            "Secret shown once",
            "Delete what the first request made, and make another with a new Idempotency-Key"),
    IN_USE(409, "In use", "`users` has who needs it; change or delete those first"),
    EXHAUSTED(409, "Exhausted", "Make the range larger, add a pool, or delete what is not needed any more"),
    LIMIT_REACHED(409, "Limit reached", "Delete something, or ask for a larger plan or limit"),
    REVISION_GONE(410, "Revision gone", "Read the lists again, and watch from the revision of GET /api/v1/fabric"),
    PRECONDITION_FAILED(
            412,
            "Precondition failed",
            "Read the object again, look at what has changed, and send the change with its new ETag"),
    BODY_TOO_LARGE(413, "Body too large", "Send less at once: several batches, or a fabric file"),
    URI_TOO_LONG(414, "URI too long", "Give fewer parameters"),
    UNSUPPORTED_MEDIA_TYPE(
            415, "Unsupported media type", "Send Content-Type: application/json; fabric files are application/yaml"),
    MISDIRECTED_REQUEST(
            421, "Misdirected request", "Use an address of the manager, or add the name to http.allowed-hosts"),
    TOO_MANY_ATTEMPTS(429, "Too many attempts", "Wait for the seconds of Retry-After"),
    TOO_MANY_REQUESTS(
            429,
            "Too many requests",
            "Wait for the seconds of Retry-After; watch instead of asking again and again, and use batches"),
    TOO_MANY_STREAMS(
            429,
            "Too many streams",
            "Close pages and watchers that nobody looks at; one stream can serve many, and a program needs one"),
    HEADERS_TOO_LARGE(431, "Headers too large", "Send fewer or shorter headers and cookies"),
    INTERNAL(500, "Internal error", "The log of the manager has the reason under requestId; please report it"),
    NODE_ANSWER_INVALID(
            502, "Node answer invalid", "The node may be of another version: see GET /api/v1/followers and its log"),
    STORE_UNAVAILABLE(
            503, "Store unavailable", "Try again after Retry-After; GET /readyz and the log of the manager say why"),
    STORE_FENCED(503, "Store fenced", "Start the manager again: the store was moved or replaced"),
    BUSY(503, "Busy", "Try again after Retry-After"),
    NOT_VISIBLE_YET(503, "Not visible yet", "Do not send it again: it is committed. Read again in a moment"),
    NODE_NOT_CONNECTED(
            503, "Node not connected", "GET /api/v1/followers says since when; see the log of the gateway or host"),
    NODE_TIMEOUT(
            504,
            "Node timeout",
            "Try again; if it stays so, see how busy the node is (GET /api/v1/followers, its metrics)");

    private final int status;
    private final String title;
    private final String hint;

    ProblemCode(int status, String title, String hint) {
        this.status = status;
        this.title = title;
        this.hint = hint;
    }

    /** HTTP status. */
    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** What to do about it, for people. */
    String hint() {
        return hint;
    }

    /** As in the JSON member {@code code}, e.g. {@code in-use}. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
