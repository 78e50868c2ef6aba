package net.nvgate.fabric.model;

import java.util.Map;
import java.util.regex.Pattern;

/** Keys and values by which people mark objects and find them again, e.g. {@code env=prod}. */
public final class Labels {

    /** Largest number of labels that people give; {@link #APPLIED_BY} is one besides. */
    public static final int LABELS_MAX = 32;

    /** The label of what a fabric file made, or changed: its value is the file's name. */
    public static final String APPLIED_BY = "nvgate/applied-by";

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");
    private static final int VALUE_LENGTH_MAX = 255;

    private Labels() {}

    /** @throws ModelException if a key is not 1..63 of A-Z a-z 0-9 . _ / -, or a value is longer than 255 or unprintable */
    public static Map<String, String> checked(String object, Map<String, String> labels) {
        Rules.range(object, "labels", labels.size() - (labels.containsKey(APPLIED_BY) ? 1 : 0), 0, LABELS_MAX);
        labels.forEach((key, value) -> {
            if (!KEY.matcher(key).matches()) {
                throw new ModelException(
                        object,
                        "labels",
                        key,
                        "must have keys of 1..63 characters A-Z a-z 0-9 . _ / - that begin and end with a letter or digit");
            }
            String text = Rules.required(object, "labels." + key, value);
            if (text.length() > VALUE_LENGTH_MAX || !Rules.printable(text)) {
                throw new ModelException(
                        object,
                        "labels." + key,
                        text.substring(0, Math.min(16, text.length())) + "...",
                        "must be at most " + VALUE_LENGTH_MAX + " printable characters");
            }
        });
        return labels;
    }
}
