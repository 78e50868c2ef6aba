package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.store.StoreException;
import tools.jackson.core.JacksonException;

/**
 * The key that every commit compares and sets, and so the place to stop all of them.
 *
 * @param revision the last one
 * @param fenced why nobody may commit any more, empty if all may
 */
record EtcdHead(long revision, String fenced) {

    static EtcdHead at(long revision) {
        return new EtcdHead(revision, "");
    }

    ByteSequence encode() {
        return EtcdKeys.bytes(FabricJson.write(this));
    }

    static EtcdHead decode(ByteSequence value) {
        try {
            return FabricJson.mapper().readValue(value.getBytes(), EtcdHead.class);
        } catch (JacksonException e) {
            throw new StoreException("the head of the store cannot be read: " + EtcdKeys.text(value), e);
        }
    }
}
