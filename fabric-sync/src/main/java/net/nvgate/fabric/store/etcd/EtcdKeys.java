package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.options.OptionsUtil;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Where things are. Numbers in keys have 16 hexadecimal digits, so that keys sort like numbers.
 *
 * <pre>
 *  PREFIX fabric                        {@link EtcdRoot}: schema, fabric id, present generation g
 *  PREFIX g/head                        {@link EtcdHead}: the last revision
 *  PREFIX g/log/LAST                    a batch: consecutive revisions up to LAST
 *  PREFIX g/body/LAST/TOKEN/n           parts of a batch too large for one value
 *  PREFIX g/object/UUID                 an object with its links, as of g/applied or later
 *  PREFIX g/guard/NAME                  the revision that last passed the guard
 *  PREFIX g/deletion/UUID               the revision that last deleted the object, as of g/applied or later
 *  PREFIX g/deletions-kept              there if g/deletion has them all
 *  PREFIX g/copy/UUID                   somebody reads the store as of an old etcd revision; goes with its lease
 *  PREFIX g/manager/UUID                what a manager tells the others; goes with its lease
 *  PREFIX g/applied                     objects and guards have all up to this revision
 *  PREFIX g/compacted                   the log has nothing up to this revision
 * </pre>
 */
record EtcdKeys(String prefix, long generation) {

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The first key after all that begin with this one. */
    static ByteSequence endOf(ByteSequence prefix) {
        return OptionsUtil.prefixEndOf(prefix);
    }

    static ByteSequence root(String prefix) {
        return bytes(prefix + "fabric");
    }

    /** Everything of the generation. */
    ByteSequence all() {
        return bytes(base());
    }

    private String base() {
        return prefix + generation + "/";
    }

    private ByteSequence key(String rest) {
        return bytes(base() + rest);
    }

    private static String hex(long number) {
        return String.format("%016x", number);
    }

    ByteSequence head() {
        return key("head");
    }

    ByteSequence applied() {
        return key("applied");
    }

    ByteSequence compacted() {
        return key("compacted");
    }

    ByteSequence log() {
        return key("log/");
    }

    ByteSequence log(long last) {
        return key("log/" + hex(last));
    }

    ByteSequence body() {
        return key("body/");
    }

    ByteSequence body(long last) {
        return key("body/" + hex(last) + "/");
    }

    ByteSequence body(long last, String token) {
        return key("body/" + hex(last) + "/" + token + "/");
    }

    ByteSequence body(long last, String token, int part) {
        return key("body/" + hex(last) + "/" + token + "/" + hex(part));
    }

    ByteSequence objects() {
        return key("object/");
    }

    ByteSequence object(UUID id) {
        return key("object/" + id);
    }

    ByteSequence copies() {
        return key("copy/");
    }

    ByteSequence copy(UUID id) {
        return key("copy/" + id);
    }

    ByteSequence notes() {
        return key("manager/");
    }

    ByteSequence note(UUID manager) {
        return key("manager/" + manager);
    }

    /** Whose a key under {@link #notes} is. */
    UUID noteOf(ByteSequence key) {
        return UUID.fromString(text(key).substring(base().length() + "manager/".length()));
    }

    ByteSequence deletions() {
        return key("deletion/");
    }

    ByteSequence deletion(UUID id) {
        return key("deletion/" + id);
    }

    ByteSequence deletionsKept() {
        return key("deletions-kept");
    }

    ByteSequence guards() {
        return key("guard/");
    }

    ByteSequence guard(String name) {
        return key("guard/" + name);
    }

    /** The name of a key under {@link #guards}. */
    String guardName(ByteSequence key) {
        return text(key).substring(base().length() + "guard/".length());
    }
}
