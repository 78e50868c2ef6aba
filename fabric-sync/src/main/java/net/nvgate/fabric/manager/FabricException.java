package net.nvgate.fabric.manager;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.ModelException;
import org.jspecify.annotations.Nullable;

/**
 * A use case is refused. Nothing has changed, except with {@link Code#NOT_VISIBLE_YET}, where all has; with
 * {@link Code#STORE_UNAVAILABLE} it may have, which the message says then. The message is for the person who asked.
 */
public final class FabricException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why, for programs. */
    public enum Code {
        /** No object has this id. */
        NOT_FOUND,
        /** A field refers to an object that does not exist. */
        REFERENCE_NOT_FOUND,
        /** A field breaks a rule. */
        INVALID,
        /** Another object has the value that must be unique, or overlaps. */
        CONFLICT,
        /** The object is not the version that the caller insists on. */
        CHANGED,
        /** The object cannot go while others need it: see {@link FabricException#users()}. */
        IN_USE,
        /** A pool has nothing left to allocate. */
        EXHAUSTED,
        /** A limit on the number of objects is reached. */
        QUOTA,
        /** Others changed the same objects again and again: try again. */
        BUSY,
        /** The store does not answer, or did not in time: the message says whether the change may have been made. */
        STORE_UNAVAILABLE,
        /** The store was moved or replaced: trying again does not help. */
        STORE_FENCED,
        /** The change is durable, but reads here do not show it yet. To repeat it would be a second change. */
        NOT_VISIBLE_YET
    }

    private final Code code;
    private final String object;
    private final @Nullable String field;
    private final transient List<ObjectUser> users;
    private final @Nullable Integer operation;

    FabricException(Code code, String object, @Nullable String field, String message, List<ObjectUser> users) {
        this(code, object, field, message, users, null);
    }

    private FabricException(
            Code code,
            String object,
            @Nullable String field,
            String message,
            List<ObjectUser> users,
            @Nullable Integer operation) {
        super(message);
        this.code = code;
        this.object = object;
        this.field = field;
        this.users = List.copyOf(users);
        this.operation = operation;
    }

    FabricException(Code code, String object, @Nullable String field, String message) {
        this(code, object, field, message, List.of());
    }

    /** @param object kind of what is not there, singular */
    public static FabricException notFound(String object, String message) {
        return new FabricException(Code.NOT_FOUND, object, "id", message);
    }

    /** @param object kind of the object concerned, singular */
    public static FabricException invalid(String object, String field, String message) {
        return new FabricException(Code.INVALID, object, field, message);
    }

    /** @param object kind of the object concerned, singular */
    public static FabricException conflict(String object, String message) {
        return new FabricException(Code.CONFLICT, object, null, message);
    }

    public static FabricException busy(String message) {
        return new FabricException(Code.BUSY, "fabric", null, message);
    }

    static FabricException invalid(ModelException e) {
        return new FabricException(Code.INVALID, e.object(), e.field(), String.valueOf(e.getMessage()));
    }

    /** The same refusal, of one operation of a batch. */
    FabricException at(int place) {
        return new FabricException(
                code, object, field, "operation " + place + ": " + getMessage(), users, Integer.valueOf(place));
    }

    /** Which operation of a batch was refused, counted from 0; empty if it was none, or no batch. */
    public Optional<Integer> operation() {
        return Optional.ofNullable(operation);
    }

    public Code code() {
        return code;
    }

    /** Kind of the object concerned, singular, e.g. {@code vm-subnet}. */
    public String object() {
        return object;
    }

    /** JSON name of the field at fault, if it is one. */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** With {@link Code#IN_USE}: what needs the object, at most {@value #USERS_MAX}. */
    public List<ObjectUser> users() {
        return users;
    }

    static final int USERS_MAX = 100;
}
