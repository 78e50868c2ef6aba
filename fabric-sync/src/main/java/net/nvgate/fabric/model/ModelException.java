package net.nvgate.fabric.model;

import org.jspecify.annotations.Nullable;

/** A value breaks a rule of the model. Names the object, the field, the value and the rule, so that a person can mend it. */
public final class ModelException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String object;
    private final String field;
    private final transient @Nullable Object value;
    private final String rule;

    /**
     * @param object kind of object, e.g. {@code vm-subnet}
     * @param field JSON name of the field
     * @param value the offending value
     * @param rule what must hold, as the end of a sentence: "must be ..."
     */
    public ModelException(String object, String field, @Nullable Object value, String rule) {
        super(object + "." + field + " " + rule + ", not '" + value + "'");
        this.object = object;
        this.field = field;
        this.value = value;
        this.rule = rule;
    }

    public String object() {
        return object;
    }

    public String field() {
        return field;
    }

    /** The offending value; null when a required one is absent. */
    public @Nullable Object value() {
        return value;
    }

    public String rule() {
        return rule;
    }
}
