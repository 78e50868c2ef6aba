package net.nvgate.fabric.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A logical switch on a host.
 *
 * @param uplinkPortProfileId one of those of the logical switch
 * @param adapters names of the physical adapters that connect it, one at least
 */
public record HostSwitch(UUID logicalSwitchId, UUID uplinkPortProfileId, List<String> adapters) {

    public HostSwitch(UUID logicalSwitchId, UUID uplinkPortProfileId, @Nullable List<String> adapters) {
        String kind = Kind.HOST.label();
        this.logicalSwitchId = Rules.required(kind, "switches.logicalSwitchId", logicalSwitchId);
        this.uplinkPortProfileId = Rules.required(kind, "switches.uplinkPortProfileId", uplinkPortProfileId);
        this.adapters = Rules.list(kind, "switches.adapters", adapters);
        this.adapters.forEach(adapter -> Rules.name(kind + ".switches.adapters", adapter));
        if (this.adapters.isEmpty()) {
            throw new ModelException(kind, "switches.adapters", "[]", "must have one entry at least");
        }
    }

    /** Of one host: each logical switch once, each adapter in one of them. */
    static List<HostSwitch> checked(@Nullable List<HostSwitch> value) {
        String kind = Kind.HOST.label();
        List<HostSwitch> switches = Rules.list(kind, "switches", value);
        Rules.distinct(
                kind,
                "switches.logicalSwitchId",
                switches.stream().map(HostSwitch::logicalSwitchId).toList());
        Set<String> adapters = new HashSet<>();
        for (HostSwitch one : switches) {
            for (String adapter : one.adapters()) {
                if (!adapters.add(adapter)) {
                    throw new ModelException(kind, "switches.adapters", adapter, "must be in one switch of the host");
                }
            }
        }
        return switches;
    }
}
