package net.nvgate.mgmt.fuzz;

/** How a request is made. */
public enum FuzzCase {
    /** As the contract allows, made up from schemas. */
    VALID,
    /** An example of the contract with ids that are there. */
    EXAMPLE,
    /** One value at its bound. */
    BOUND,
    /** One value beyond its bound. */
    BEYOND,
    WRONG_TYPE,
    NULL,
    MISSING,
    UNKNOWN_FIELD,
    ODD_TEXT,
    MALFORMED,
    OVERSIZED,
    CONTENT_TYPE,
    NO_BODY,
    QUERY_WRONG,
    QUERY_ODD,
    QUERY_UNKNOWN,
    QUERY_TWICE,
    PATH_ODD,
    HEADER_ODD,
    METHOD,
    NO_LOGIN,
    WRONG_LOGIN,
    OTHER_ROLE;

    boolean needsBody() {
        return switch (this) {
            case EXAMPLE, BOUND, BEYOND, WRONG_TYPE, NULL, MISSING, UNKNOWN_FIELD, ODD_TEXT, MALFORMED -> true;
            case OVERSIZED, CONTENT_TYPE, NO_BODY -> true;
            default -> false;
        };
    }
}
