package net.nvgate.fabric.netwnv;

import java.util.HashMap;
import java.util.Map;

/** Rules of records that are not NVGRE, as a label of their VM holds them: {@code nic0=TranslationMethodNat+vm-mac,nic1=...}. */
final class NetWnvRules {

    private static final String VM_MAC = "+vm-mac";

    private NetWnvRules() {}

    static String text(String nic, NetWnvLookupRecord record) {
        return nic + "=" + record.rule().text() + (record.useVmMacAddress() ? VM_MAC : "");
    }

    /** @param useVmMacAddress the VM's own MAC is on the wire */
    record Of(NetWnvLookupRecord.Rule rule, boolean useVmMacAddress) {}

    /** By names of NICs; what is not readable is passed over. */
    static Map<String, Of> parse(String label) {
        Map<String, Of> rules = new HashMap<>();
        for (String each : label.split(",", -1)) {
            int equals = each.indexOf('=');
            String text = each.substring(equals + 1);
            boolean vmMac = text.endsWith(VM_MAC);
            for (NetWnvLookupRecord.Rule rule : NetWnvLookupRecord.Rule.values()) {
                if (equals > 0 && rule.text().equals(text.replace(VM_MAC, ""))) {
                    rules.put(each.substring(0, equals), new Of(rule, vmMac));
                }
            }
        }
        return rules;
    }
}
