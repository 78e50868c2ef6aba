package net.nvgate.gateway.config;

/** The configuration cannot be used. The message names the file, the line where there is one, and the key. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
