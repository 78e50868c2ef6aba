package net.nvgate.fabric.hyperv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The PowerShell of a host, from this manager's jar. Immutable texts with LF line ends, ASCII. */
public final class HostScripts {

    private static final int VERSION_BYTES = 8;

    /** A line of a script in whose place another one stands. */
    private static final String INCLUDE = "#include ";

    private static final String POLICY = "#policy\n";

    private HostScripts() {}

    /** {@code NvgateHost.psm1}: reads, compares and changes the NetWNV of the host it is loaded on. */
    public static String module() {
        return script("NvgateHost.psm1");
    }

    /** {@code NvgateAgent.ps1}: asks the manager for the host's policy, makes it so, and reports. */
    public static String agent() {
        return script("NvgateAgent.ps1");
    }

    /** {@code Install-NvgateAgent.ps1}: joins a host, installs the agent, and removes it. */
    public static String installer() {
        return script("Install-NvgateAgent.ps1");
    }

    /** @throws IllegalArgumentException if there is none of that file name */
    public static String named(String file) {
        return switch (file) {
            case "NvgateHost.psm1" -> module();
            case "NvgateAgent.ps1" -> agent();
            case "Install-NvgateAgent.ps1" -> installer();
            default -> throw new IllegalArgumentException("there is no script " + file);
        };
    }

    /** Names module and agent as they are in this manager: changes when one of them does. */
    public static String version() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((module() + agent()).getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash, 0, VERSION_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /**
     * A script for one host that needs nothing else: the functions and the policy as it is now.
     *
     * @param document by {@link HostPolicyDocument#of}
     */
    public static String forHost(String document) {
        return script("host-script.ps1").replace(POLICY, document);
    }

    /** A resource with what it includes. */
    private static String script(String name) {
        StringBuilder text = new StringBuilder();
        for (String line : resource(name).split("(?<=\n)", -1)) {
            text.append(
                    line.startsWith(INCLUDE)
                            ? script(line.substring(INCLUDE.length()).strip())
                            : line);
        }
        return text.toString();
    }

    private static String resource(String name) {
        try (InputStream in = HostScripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
