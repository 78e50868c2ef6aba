package net.nvgate.fabric.policy;

/** One step of a policy delta. */
public sealed interface PolicyChange {

    /** Key of the object that is set or removed. */
    String key();

    /** The object is new or replaces the one with the same key. */
    record Put(PolicyObject object) implements PolicyChange {
        @Override
        public String key() {
            return object.key();
        }
    }

    /** The object with this key is gone. Removing what is not there is not an error. */
    record Remove(String key) implements PolicyChange {}
}
