package net.nvgate.fabric.ovs;

/**
 * The VLAN of the PA network, in the tag of the provider bridge. What the database shows lags behind what was set, so that a tag
 * which was not yet seen right is asked for again, before it counts as somebody's doing. Not thread-safe.
 */
final class ProviderVlan {

    /** No VLAN was set yet, or whatever is set is to be set anew. */
    static final int UNKNOWN = -1;

    private final OvsSwitch vswitch;
    private int vlan = UNKNOWN;
    private boolean seen;

    ProviderVlan(OvsSwitch vswitch) {
        this.vswitch = vswitch;
    }

    /** @param wanted 802.1Q VLAN, 0 = untagged */
    void set(int wanted) throws CommandException {
        if (wanted != vlan) {
            vswitch.setProviderVlan(wanted);
            vlan = wanted;
            seen = false;
        }
    }

    /** The next {@link #set} writes, whatever was set. */
    void forget() {
        vlan = UNKNOWN;
    }

    /** The VLAN that this view must show, {@link #UNKNOWN} if it may show any: nothing was set, or the view is from before. */
    int expectedOf(SwitchView view) {
        if (vlan == UNKNOWN || seen || view.provider().isEmpty()) {
            return vlan;
        }
        try {
            if (view.provider().get().tag() == vlan) {
                seen = true;
            } else if (vswitch.providerVlan() == vlan) {
                return UNKNOWN;
            }
            return vlan;
        } catch (CommandException _) {
            return UNKNOWN; // what needs the switch next says so
        }
    }
}
