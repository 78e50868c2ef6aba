package net.nvgate.fabric.file;

import java.util.Optional;
import net.nvgate.fabric.manager.FabricException;
import org.jspecify.annotations.Nullable;

/** A fabric file cannot be used. The message begins with the line, as far as there is one. */
public final class FileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String path;
    private final boolean unknownField;
    private final transient @Nullable FabricException refusal;

    private FileException(String path, String message, boolean unknownField, @Nullable FabricException refusal) {
        super(message, refusal);
        this.path = path;
        this.unknownField = unknownField;
        this.refusal = refusal;
    }

    static FileException at(int line, String path, String message) {
        return new FileException(path, "line " + line + ": " + message, false, null);
    }

    static FileException unknownField(int line, String path, String message) {
        return new FileException(path, "line " + line + ": " + message, true, null);
    }

    /**
     * The fabric refuses what a part of the file asks for.
     *
     * @param place says which part
     * @param message of the refusal, in the terms of a file
     */
    static FileException refused(String place, String path, String message, FabricException refusal) {
        // The place of the operation in a batch that nobody has written says nothing.
        String reason = message.replaceFirst("^operation \\d+: ", "");
        return new FileException(path, place + reason, false, refusal);
    }

    /** Of the field or object at fault, e.g. {@code network-sites[0].subnets[1].prefix}; empty if it is the whole file. */
    public String path() {
        return path;
    }

    public boolean isUnknownField() {
        return unknownField;
    }

    /** Why the fabric refused it; empty if the file itself is wrong. */
    public Optional<FabricException> refusal() {
        return Optional.ofNullable(refusal);
    }
}
