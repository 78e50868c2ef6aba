package net.nvgate.mgmt.access;

/** What was asked of users, tokens or passwords is refused. The message is for who asked. */
public final class AccessException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why, for programs. */
    public enum Code {
        LOGIN_FAILED,
        FORBIDDEN,
        NOT_FOUND,
        NAME_TAKEN,
        CONFLICT,
        INVALID
    }

    private final Code code;
    private final String field;

    AccessException(Code code, String field, String message) {
        super(message, null, false, false);
        this.code = code;
        this.field = field;
    }

    AccessException(Code code, String message) {
        this(code, "", message);
    }

    public Code code() {
        return code;
    }

    /** Empty if it is none. */
    public String field() {
        return field;
    }
}
