package net.nvgate.fabric.config;

/** The configuration cannot be used. The message says why; {@link ConfigFile} puts file and line before it. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String key;

    /** For a rule between several keys. */
    public ConfigException(String message) {
        this("", message);
    }

    /** @param key what the rule is about, from the top of the file or from the mapping that is being read */
    public ConfigException(String key, String message) {
        super(message);
        this.key = key;
    }

    /** Empty if the rule is not about one key. */
    String key() {
        return key;
    }
}
