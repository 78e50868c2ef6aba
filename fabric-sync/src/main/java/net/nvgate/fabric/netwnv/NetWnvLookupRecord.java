package net.nvgate.fabric.netwnv;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.policy.PolicyObject;

/**
 * Where a CA lives: what {@code Get-NetVirtualizationLookupRecord} shows (MSFT_NetVirtualizationLookupRecordSettingData). A host
 * keys it by {@link Key}.
 *
 * @param customerAddress 0.0.0.0 or :: of wildcard and L2Only records
 * @param virtualSubnetId uint32; valid ones are 4096..16777214
 * @param customerId a GUID for free use, as text; empty = none
 * @param context free text, empty = none
 * @param vmName free text, empty = none
 * @param useVmMacAddress of records with {@link Rule#TRANSLATION_METHOD_NAT} only
 * @param unusable the host says that it cannot use the record (read only)
 * @param unsynchronized the host says that the record is not that of the central policy (read only)
 */
public record NetWnvLookupRecord(
        IpAddress customerAddress,
        long virtualSubnetId,
        MacAddress macAddress,
        IpAddress providerAddress,
        Rule rule,
        Type type,
        String customerId,
        String context,
        String vmName,
        boolean useVmMacAddress,
        boolean unusable,
        boolean unsynchronized) {

    /** What a host knows a record by. */
    public record Key(long virtualSubnetId, IpAddress customerAddress, MacAddress macAddress) {

        @Override
        public String toString() {
            return "VSID " + virtualSubnetId + " " + customerAddress + " " + NetWnvText.mac(macAddress);
        }
    }

    /**
     * How packets get from CA to PA. Microsoft documents the names. The numbers are those that OpenStack's os-win writes to the
     * class (nvgreutils: _TRANSLATE_NAT, _TRANSLATE_ENCAP), in the order of the documented names.
     */
    public enum Rule implements NetWnvName {
        /** Addresses are rewritten (2012). */
        TRANSLATION_METHOD_NAT("TranslationMethodNat", 0),
        /** NVGRE. */
        TRANSLATION_METHOD_ENCAP("TranslationMethodEncap", 1),
        TRANSLATION_METHOD_NONE("TranslationMethodNone", 2);

        private final String text;
        private final int number;

        Rule(String text, int number) {
            this.text = text;
            this.number = number;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** Where a record comes from. Names and numbers as those of {@link Rule} (os-win: _LOOKUP_RECORD_TYPE_...). */
    public enum Type implements NetWnvName {
        STATIC("Static", 0, PolicyObject.LookupRecord.Type.STATIC),
        /** Learned, e.g. from DHCP. */
        DYNAMIC("Dynamic", 1, PolicyObject.LookupRecord.Type.DYNAMIC),
        /** Any CA outside the tenant. */
        GATEWAY_WILDCARD("GatewayWildcard", 2, PolicyObject.LookupRecord.Type.GATEWAY_WILDCARD),
        /** The CA is learned later. */
        L2_ONLY("L2Only", 3, PolicyObject.LookupRecord.Type.L2_ONLY);

        private final String text;
        private final int number;
        private final PolicyObject.LookupRecord.Type policy;

        Type(String text, int number, PolicyObject.LookupRecord.Type policy) {
            this.text = text;
            this.number = number;
            this.policy = policy;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public int number() {
            return number;
        }

        /** The same in policy. */
        public PolicyObject.LookupRecord.Type policy() {
            return policy;
        }

        public static Type of(PolicyObject.LookupRecord.Type policy) {
            for (Type type : values()) {
                if (type.policy == policy) {
                    return type;
                }
            }
            throw new IllegalArgumentException(policy.toString());
        }
    }

    /** By NVGRE, without a customer and context, healthy. */
    public static NetWnvLookupRecord of(
            IpAddress customerAddress,
            long virtualSubnetId,
            MacAddress macAddress,
            IpAddress providerAddress,
            Type type,
            String vmName) {
        return new NetWnvLookupRecord(
                customerAddress,
                virtualSubnetId,
                macAddress,
                providerAddress,
                Rule.TRANSLATION_METHOD_ENCAP,
                type,
                "",
                "",
                vmName,
                false,
                false,
                false);
    }

    /** The same by other means than NVGRE. */
    NetWnvLookupRecord withRule(Rule other, boolean vmMac) {
        return new NetWnvLookupRecord(
                customerAddress,
                virtualSubnetId,
                macAddress,
                providerAddress,
                other,
                type,
                customerId,
                context,
                vmName,
                vmMac,
                unusable,
                unsynchronized);
    }

    public Key key() {
        return new Key(virtualSubnetId, customerAddress, macAddress);
    }
}
