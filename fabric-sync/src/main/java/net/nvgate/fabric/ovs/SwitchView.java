package net.nvgate.fabric.ovs;

import java.util.List;
import java.util.Optional;

/** The agent's two bridges as the switch's database has them at one moment; empty = there is no such bridge. */
record SwitchView(Optional<BridgeView> tenant, Optional<BridgeView> provider) {

    static final SwitchView NOTHING = new SwitchView(Optional.empty(), Optional.empty());

    /** Interfaces of the tenant bridge, by name. */
    List<OvsInterface> interfaces() {
        return tenant.map(BridgeView::interfaces).orElse(List.of());
    }
}
