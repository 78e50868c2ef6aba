package net.nvgate.fabric.sync;

/** A follower cannot apply a policy object. Becomes a Nack with the object's key and the reason. */
public final class PolicyRejectedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param key {@link net.nvgate.fabric.policy.PolicyObject#key()} of the object
     * @param reason for people, names the value and the rule
     */
    public PolicyRejectedException(String key, String reason) {
        super(reason);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
