package net.nvgate.fabric.manager;

import java.util.Optional;
import java.util.function.Function;
import net.nvgate.fabric.model.Capacity;
import net.nvgate.fabric.model.PlanLimits;

/** What plans, and in part clouds, limit the number of. */
@SuppressWarnings("ImmutableEnumChecker") // accessors of records, without state
enum QuotaDimension {
    VM_NETWORKS("vmNetworks", PlanLimits::vmNetworks),
    VM_SUBNETS("vmSubnets", PlanLimits::vmSubnets),
    PUBLIC_ADDRESSES("publicAddresses", PlanLimits::publicAddresses),
    NAT_RULES("natRules", PlanLimits::natRules),
    VMS("vms", PlanLimits::vms, Capacity::vms),
    VCPUS("vcpus", PlanLimits::vcpus, Capacity::vcpus),
    MEMORY_MB("memoryMb", PlanLimits::memoryMb, Capacity::memoryMb),
    STORAGE_GB("storageGb", PlanLimits::storageGb, Capacity::storageGb),
    CUSTOM_POINTS("customPoints", PlanLimits::customPoints, Capacity::customPoints);

    private final String field;
    private final Function<PlanLimits, Optional<Long>> ofPlan;
    private final Function<Capacity, Optional<Long>> ofCloud;

    QuotaDimension(String field, Function<PlanLimits, Optional<Long>> ofPlan) {
        this(field, ofPlan, _ -> Optional.empty());
    }

    QuotaDimension(
            String field, Function<PlanLimits, Optional<Long>> ofPlan, Function<Capacity, Optional<Long>> ofCloud) {
        this.field = field;
        this.ofPlan = ofPlan;
        this.ofCloud = ofCloud;
    }

    /** Name of the limit in plans and clouds. */
    String field() {
        return field;
    }

    Optional<Long> limit(PlanLimits limits) {
        return ofPlan.apply(limits);
    }

    Optional<Long> limit(Capacity capacity) {
        return ofCloud.apply(capacity);
    }
}
