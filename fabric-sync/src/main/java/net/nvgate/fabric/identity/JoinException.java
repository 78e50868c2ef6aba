package net.nvgate.fabric.identity;

import java.util.Locale;

/** A certificate is not given. The message is for both sides. */
public final class JoinException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Stable names, also in answers. */
    public enum Code {
        /** No such token: never made, replaced by another one, or long expired. */
        TOKEN_UNKNOWN,
        TOKEN_USED,
        TOKEN_EXPIRED,
        /** The token is another node's. */
        TOKEN_OTHER_NODE,
        /** Not a certificate request, or not one that is accepted. */
        BAD_REQUEST,
        REVOKED,
        /** More certificates than a node needs. */
        TOO_MANY,
        /** An outside CA gives certificates, not the manager. */
        NOT_HERE;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Code code;

    public JoinException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
