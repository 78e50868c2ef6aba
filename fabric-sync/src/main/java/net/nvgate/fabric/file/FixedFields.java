package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vm;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fields that no patch changes. Some have a use case of their own: a VM moves, a NIC gets another MAC.
 *
 * @param different names in the API of fields that only a new object can have
 * @param operations use cases that make the others what is wanted
 * @param after the object as these leave it
 */
record FixedFields(Set<String> different, List<Operation> operations, FabricObject after) {

    private static final Set<String> DESCRIBING = Set.of("id", "name", "description", "labels");

    /** @param given by the names of the API; what is not given may be anything */
    static FixedFields of(FabricObject present, ObjectNode given) {
        ObjectNode now = FabricJson.mapper().valueToTree(present);
        Set<String> different = new TreeSet<>();
        for (Map.Entry<String, JsonNode> field : given.properties()) {
            String name = field.getKey();
            // A logical network can be changed only while nothing is of it; a file has its sites in any case.
            boolean fixed = (!Patch.isMutable(present.kind(), name) || present.kind() == Kind.LOGICAL_NETWORK)
                    && !DESCRIBING.contains(name);
            // A field of requests only, e.g. autoCreateSubnet, says how the object is made.
            boolean kept = isField(present, name);
            if (fixed && kept && !covers(field.getValue(), now.get(name))) {
                different.add(name);
            }
        }
        return present instanceof Vm vm && !different.isEmpty()
                ? ofVm(vm, given, different)
                : new FixedFields(different, List.of(), present);
    }

    private static boolean isField(FabricObject object, String name) {
        return List.of(object.kind().type().getRecordComponents()).stream()
                .anyMatch(component -> component.getName().equals(name));
    }

    private static FixedFields ofVm(Vm vm, ObjectNode given, Set<String> different) {
        List<Operation> operations = new ArrayList<>();
        Optional<Long> revision = Optional.of(vm.changedRevision());
        Vm after = vm;
        if (different.remove("hostId")) {
            UUID host = UUID.fromString(given.get("hostId").asString());
            operations.add(new Operation.Move(vm.id(), host, revision));
            after = after.movedTo(host);
        }
        if (different.contains("nics") && given.get("nics").size() == vm.nics().size()) {
            for (int i = 0; i < vm.nics().size(); i++) {
                JsonNode mac = given.get("nics").get(i).get("mac");
                MacAddress wanted = mac == null ? vm.nics().get(i).mac() : MacAddress.parse(mac.asString());
                if (!wanted.equals(vm.nics().get(i).mac())) {
                    UUID nic = vm.nics().get(i).id();
                    operations.add(new Operation.ChangeMac(vm.id(), nic, Optional.of(wanted)));
                    after = after.with(vm.nics().get(i).withMac(wanted));
                }
            }
            after = learn(after, given.get("nics"), operations);
            JsonNode changed = FabricJson.mapper().valueToTree(after);
            if (covers(given.get("nics"), changed.get("nics"))) {
                different.remove("nics");
            }
        }
        return new FixedFields(different, operations, after);
    }

    /** What guests have told, where the file says it. The order of the addresses means nothing. */
    private static Vm learn(Vm vm, JsonNode nics, List<Operation> operations) {
        Vm after = vm;
        for (int i = 0; i < vm.nics().size(); i++) {
            Vm.Nic nic = vm.nics().get(i);
            JsonNode given = nics.get(i).get("learnedAddresses");
            if (given == null || !nic.learns()) {
                continue;
            }
            List<IpAddress> known = nic.learnedAddresses();
            List<IpAddress> wanted = given.valueStream()
                    .map(each -> IpAddress.parse(each.asString()))
                    .toList();
            known.stream()
                    .filter(address -> !wanted.contains(address))
                    .forEach(address -> operations.add(new Operation.Forget(vm.id(), nic.id(), address)));
            wanted.stream()
                    .filter(address -> !known.contains(address))
                    .forEach(address -> operations.add(new Operation.Learn(vm.id(), nic.id(), address)));
            after = after.with(nic.withLearned(wanted));
        }
        return after;
    }

    /** True if what is given is so now; inside of mappings, too, what is not given may be anything. */
    private static boolean covers(JsonNode given, @Nullable JsonNode now) {
        if (now == null) {
            return given.isContainer() && given.isEmpty();
        }
        if (given instanceof ObjectNode mapping) {
            return mapping.properties().stream().allMatch(field -> covers(field.getValue(), now.get(field.getKey())));
        }
        if (given.isArray()) {
            if (!now.isArray() || now.size() != given.size()) {
                return false;
            }
            for (int i = 0; i < given.size(); i++) {
                if (!covers(given.get(i), now.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return given.equals(now);
    }
}
