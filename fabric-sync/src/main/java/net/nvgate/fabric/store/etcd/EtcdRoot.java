package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import java.util.UUID;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.store.StoreException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What is under a prefix.
 *
 * @param schema version of the layout; a program refuses one it does not know
 * @param lineage see {@link net.nvgate.fabric.store.FabricStore#lineage}; stores of older versions have none
 * @param generation the keys in force: a restore writes the next one aside and then changes this number
 */
record EtcdRoot(int schema, UUID fabricId, long generation, String lineage) {

    static final int SCHEMA = 1;

    ByteSequence encode() {
        return EtcdKeys.bytes(FabricJson.write(this));
    }

    /** @throws StoreException if it is something else, or of a schema that this program does not know */
    static EtcdRoot decode(ByteSequence value) {
        try {
            JsonNode node = FabricJson.mapper().readTree(value.getBytes());
            int schema = node.required("schema").intValue();
            if (schema != SCHEMA) {
                throw new StoreException(
                        "the store in etcd has schema version " + schema + ", this program knows up to " + SCHEMA,
                        null);
            }
            return new EtcdRoot(
                    schema,
                    UUID.fromString(node.required("fabricId").stringValue()),
                    node.required("generation").longValue(),
                    node.path("lineage").asString(""));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new StoreException("this is no fabric: " + EtcdKeys.text(value), e);
        }
    }
}
