package net.nvgate.fabric.netwnv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The script that writes a Hyper-V host's state as a file for imports. */
public final class CollectScript {

    public static final String NAME = "Export-NetWnv.ps1";

    private CollectScript() {}

    /** For Windows PowerShell 5.1. It reads the host's state and changes nothing. */
    public static String text() {
        try (InputStream in = CollectScript.class.getResourceAsStream(NAME)) {
            if (in == null) {
                throw new IllegalStateException(NAME + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
