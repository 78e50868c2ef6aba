package net.nvgate.fabric.ovs;

import java.util.List;
import java.util.Locale;

/** What somebody else may change of what the agent made. */
enum DriftKind {
    FLOWS("entries of the tenant bridge missing, changed or foreign"),
    BRIDGE("one of the bridges was gone"),
    BRIDGE_SETTING("datapath type, fail mode, protocols, controller or MAC of a bridge"),
    TUNNEL("the NVGRE port missing or with other options"),
    UPLINK("the uplink taken out of the provider bridge"),
    PROVIDER_LINK("the provider bridge's link was down"),
    PROVIDER_ADDRESS("provider addresses missing"),
    PROVIDER_ROUTE("provider routes missing"),
    PROVIDER_VLAN("the VLAN of the provider bridge"),
    PROVIDER_FLOWS("the provider bridge without a single entry, so that it forwarded nothing"),
    NEIGHBOR("neighbours missing that are kept resolved"),
    VM_PORT("ports of VMs that vanished with their bridge"),
    MTU("MTU of a VM's interface");

    private final String meaning;

    DriftKind(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One thing found.
     *
     * @param count of entries or objects that differ
     * @param text what, with names; cut off after 300 characters, because others write parts of it
     */
    record Finding(DriftKind kind, int count, String text) {
        private static final int TEXT_MAX = 300;
        private static final int NAMES_MAX = 5;

        Finding {
            text = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "..." : text;
        }

        /** Many of a kind, the first few by name. */
        static Finding of(DriftKind kind, List<String> names, String what) {
            String some = String.join(", ", names.subList(0, Math.min(NAMES_MAX, names.size())));
            int more = names.size() - NAMES_MAX;
            return new Finding(kind, names.size(), what + ": " + some + (more > 0 ? " and " + more + " more" : ""));
        }

        static Finding of(DriftKind kind, String text) {
            return new Finding(kind, 1, text);
        }
    }
}
