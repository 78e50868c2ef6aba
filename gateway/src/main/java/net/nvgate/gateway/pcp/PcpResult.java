package net.nvgate.gateway.pcp;

/** Result codes (RFC 6887 §7.4), as numbers because they are made per packet. */
public final class PcpResult {

    public static final int SUCCESS = 0;
    public static final int UNSUPPORTED_VERSION = 1;
    public static final int NOT_AUTHORIZED = 2;
    public static final int MALFORMED_REQUEST = 3;
    public static final int UNSUPPORTED_OPCODE = 4;
    public static final int UNSUPPORTED_OPTION = 5;
    public static final int MALFORMED_OPTION = 6;
    public static final int NETWORK_FAILURE = 7;
    public static final int NO_RESOURCES = 8;
    public static final int UNSUPPORTED_PROTOCOL = 9;
    public static final int USER_EXCEEDED_QUOTA = 10;
    public static final int CANNOT_PROVIDE_EXTERNAL = 11;
    public static final int ADDRESS_MISMATCH = 12;

    private static final int LONG_ERROR_SECONDS = 1800;
    private static final int SHORT_ERROR_SECONDS = 30;

    private PcpResult() {}

    /** How long a client should wait before it asks the same again (§7.4: long and short lifetime errors). */
    static int errorLifetime(int result) {
        return switch (result) {
            case NETWORK_FAILURE, NO_RESOURCES, USER_EXCEEDED_QUOTA, CANNOT_PROVIDE_EXTERNAL -> SHORT_ERROR_SECONDS;
            default -> LONG_ERROR_SECONDS;
        };
    }
}
