package net.nvgate.mgmt.config;

/** The configuration cannot be used. The message names the key, and the line where the file has one. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
