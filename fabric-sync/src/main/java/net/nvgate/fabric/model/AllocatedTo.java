package net.nvgate.fabric.model;

import org.jspecify.annotations.Nullable;

/**
 * What a granted address is for (VMM AllocatedToType), by the word of who asked: it is no object of the fabric.
 *
 * @param text its name, at most 255 characters, may be empty
 */
public record AllocatedTo(Type type, String text) {

    private static final int TEXT_LENGTH_MAX = 255;

    /** VMM's types, and OTHER. */
    public enum Type {
        VIRTUAL_NETWORK_ADAPTER,
        VIP,
        HOST_NETWORK_ADAPTER,
        LOAD_BALANCER_CONFIGURATION,
        VIRTUAL_MACHINE,
        HOST_CLUSTER,
        VM_SUBNET,
        NETWORK_GATEWAY,
        OTHER
    }

    /** A grant is either in force, or waits for somebody to revoke it, so that the address is not given to others. */
    public enum State {
        ALLOCATED,
        INACTIVE
    }

    public static final AllocatedTo NOBODY = new AllocatedTo(Type.OTHER, "");

    /** What was left out is OTHER without a name. */
    public AllocatedTo(@Nullable Type type, @Nullable String text) {
        this.type = Rules.given(type, Type.OTHER);
        this.text = Rules.given(text, "");
        if (this.text.length() > TEXT_LENGTH_MAX || !Rules.printable(this.text)) {
            throw new ModelException(
                    "grant", "allocatedTo.text", text, "must be at most " + TEXT_LENGTH_MAX + " printable characters");
        }
    }
}
