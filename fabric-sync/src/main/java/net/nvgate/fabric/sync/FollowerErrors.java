package net.nvgate.fabric.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The last error of each object, of the last {@value #OBJECTS_MAX} objects that had one. Not thread-safe. */
final class FollowerErrors {

    static final int OBJECTS_MAX = 16;

    private final LinkedHashMap<String, FollowerError> byKey = new LinkedHashMap<>();

    void add(FollowerError error) {
        byKey.remove(error.key());
        byKey.put(error.key(), error);
        if (byKey.size() > OBJECTS_MAX) {
            byKey.pollFirstEntry();
        }
    }

    /** The follower has applied its policy: none of them stands any more. */
    void over() {
        byKey.replaceAll((_, error) -> error.standing() ? error.over() : error);
    }

    /** Newest first. */
    List<FollowerError> newestFirst() {
        return new ArrayList<>(byKey.sequencedValues().reversed());
    }
}
