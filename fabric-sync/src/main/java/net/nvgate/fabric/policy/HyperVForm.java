package net.nvgate.fabric.policy;

import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;

/**
 * Policy in the words of a Hyper-V host: its default-gateway records have its own PA, as in Microsoft's gateway guide for Windows
 * Server 2012 R2, where others have the dummy PA of the sample of 2012.
 *
 * @param providerAddress the host's
 */
record HyperVForm(IpAddress providerAddress) {

    /** Whether others read a change in other words. */
    static boolean concerns(PolicyChange change) {
        return change instanceof PolicyChange.Put put
                && put.object() instanceof LookupRecord record
                && record.isDefaultGateway();
    }

    List<PolicyChange> of(List<PolicyChange> changes) {
        return changes.stream().map(this::of).toList();
    }

    private PolicyChange of(PolicyChange change) {
        return change instanceof PolicyChange.Put put ? new PolicyChange.Put(of(put.object())) : change;
    }

    PolicyObject of(PolicyObject object) {
        return object instanceof LookupRecord record && record.isDefaultGateway()
                ? new LookupRecord(
                        record.rdid(),
                        record.vsid(),
                        record.customerAddress(),
                        record.mac(),
                        providerAddress,
                        record.type(),
                        record.vmName())
                : object;
    }
}
