package net.nvgate.fabric.model;

import java.util.Optional;

/**
 * Limits of a cloud on the VMs in it (VMM cloud capacity). Absent = use maximum: no limit.
 *
 * @param memoryMb MiB of memory of all VMs
 * @param storageGb GiB of disks of all VMs
 * @param customPoints points that VMs are given, of a meaning of your own
 */
public record Capacity(
        Optional<Long> vms,
        Optional<Long> vcpus,
        Optional<Long> memoryMb,
        Optional<Long> storageGb,
        Optional<Long> customPoints) {

    public static final Capacity MAXIMUM =
            new Capacity(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final String OBJECT = Kind.CLOUD.label();

    public Capacity {
        PlanLimits.check(OBJECT, "capacity.vms", vms);
        PlanLimits.check(OBJECT, "capacity.vcpus", vcpus);
        PlanLimits.check(OBJECT, "capacity.memoryMb", memoryMb);
        PlanLimits.check(OBJECT, "capacity.storageGb", storageGb);
        PlanLimits.check(OBJECT, "capacity.customPoints", customPoints);
    }
}
