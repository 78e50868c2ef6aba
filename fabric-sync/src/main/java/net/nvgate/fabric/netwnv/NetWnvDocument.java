package net.nvgate.fabric.netwnv;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a file holds, whatever its format: objects with properties, in order.
 *
 * @param file as the user knows it
 */
record NetWnvDocument(String file, List<Entry> entries) {

    /** @param place in the file, e.g. {@code record 3} */
    record Entry(String place, ObjectNode object) {}
}
