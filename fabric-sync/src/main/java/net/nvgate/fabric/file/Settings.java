package net.nvgate.fabric.file;

import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmSubnet;
import tools.jackson.databind.node.ObjectNode;

/** What can be changed about an object. */
final class Settings {

    private Settings() {}

    /**
     * The object with the settings that are given, and with the defaults of all others.
     *
     * @param given by the names of the API
     * @throws net.nvgate.fabric.model.ModelException if they break a rule of the object
     */
    static FabricObject of(FabricObject present, ObjectNode given) {
        Kind kind = present.kind();
        ObjectNode tree =
                FabricJson.mapper().valueToTree(ObjectForm.Defaults.of(present).object());
        given.propertyStream()
                .filter(field -> Patch.isMutable(kind, field.getKey()))
                .forEach(field -> tree.set(field.getKey(), field.getValue().deepCopy()));
        // An MTU that is left out was worked out when DHCP was switched on, and stays.
        if (present instanceof VmSubnet subnet && tree.get("dhcp") instanceof ObjectNode dhcp && !dhcp.has("mtu")) {
            subnet.dhcp().ifPresent(now -> dhcp.put("mtu", now.mtu()));
        }
        return FabricJson.read(tree.toString(), kind.type());
    }
}
