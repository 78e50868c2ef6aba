package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.FabricJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A host as one JSON document, whose records have the properties of the cmdlets, so that PowerShell can pass them on as they are.
 *
 * <pre>
 * {"Name": "HV1",
 *  "LookupRecords": [{"CustomerAddress": "10.0.0.5", "VirtualSubnetID": 6000, "MACAddress": "101010101105",
 *                     "ProviderAddress": "192.168.1.101", "Rule": "TranslationMethodEncap", "Type": "Static", ...}],
 *  "CustomerRoutes": [{"RoutingDomainID": "{11111111-...}", "VirtualSubnetID": 6000, "DestinationPrefix": "10.0.0.0/24",
 *                      "NextHop": "0.0.0.0", "Metric": 255}],
 *  "ProviderAddresses": [...], "ProviderRoutes": [...], "Global": {"UseExternalRouter": false}}
 * </pre>
 *
 * What is null or left out is empty, 0 or false; a Global that is left out is not known.
 */
public final class NetWnvJson {

    static final String NAME = "Name";

    private NetWnvJson() {}

    public static String write(NetWnvHost host) {
        return FabricJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(tree(host)) + "\n";
    }

    /** The document as a tree. */
    public static ObjectNode tree(NetWnvHost host) {
        ObjectNode tree = FabricJson.mapper().createObjectNode().put(NAME, host.name());
        for (NetWnvClass<?> each : NetWnvClass.ALL) {
            if (!each.equals(NetWnvClass.GLOBAL)) {
                tree.set(each.member(), array(each, host));
            }
        }
        host.global().ifPresent(global -> tree.set(NetWnvClass.GLOBAL.member(), object(NetWnvClass.GLOBAL, global)));
        return tree;
    }

    /**
     * @throws NetWnvException naming record and field, if it is not what {@link #write} writes
     */
    public static NetWnvHost read(String json) {
        String file = "host";
        try {
            JsonNode tree = FabricJson.mapper().readTree(json);
            if (!(tree instanceof ObjectNode object) || !object.path(NAME).isString()) {
                throw new NetWnvException(file, "", "must be an object with a " + NAME);
            }
            return host(object, object.get(NAME).asString(), file, EnumNumbers.REFUSED);
        } catch (JacksonException e) {
            throw new NetWnvException(file, "", "is not JSON: " + e.getOriginalMessage());
        }
    }

    /** Whether it is a host's document, not what one cmdlet shows. */
    static boolean isHost(ObjectNode tree) {
        return NetWnvClass.ALL.stream().anyMatch(each -> tree.has(each.member()));
    }

    static NetWnvHost host(ObjectNode tree, String name, String file, EnumNumbers numbers) {
        requireKnown(tree, file);
        return new NetWnvHost(
                name,
                list(NetWnvClass.LOOKUP_RECORD, tree, file, numbers),
                list(NetWnvClass.CUSTOMER_ROUTE, tree, file, numbers),
                list(NetWnvClass.PROVIDER_ADDRESS, tree, file, numbers),
                list(NetWnvClass.PROVIDER_ROUTE, tree, file, numbers),
                list(NetWnvClass.GLOBAL, tree, file, numbers).stream().findFirst());
    }

    /** A list whose name is mistaken must not count as a host that has nothing of the kind: that would delete what it has. */
    private static void requireKnown(ObjectNode tree, String file) {
        List<String> members =
                NetWnvClass.ALL.stream().<String>map(NetWnvClass::member).toList();
        tree.propertyStream()
                .filter(property -> property.getValue().isContainer() && !members.contains(property.getKey()))
                .findFirst()
                .ifPresent(property -> {
                    throw new NetWnvException(
                            file,
                            "",
                            "has '" + NetWnvRow.shortened(property.getKey()) + "', and a host's lists are "
                                    + String.join(", ", members));
                });
    }

    private static <T> List<T> list(NetWnvClass<T> type, ObjectNode tree, String file, EnumNumbers numbers) {
        JsonNode member = tree.get(type.member());
        List<JsonNode> elements = member == null ? List.of() : JsonForm.elements(member);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            String place = type.member() + "[" + i + "]";
            if (!(elements.get(i) instanceof ObjectNode object)) {
                throw new NetWnvException(file, place, "must be an object");
            }
            list.add(type.reader().apply(row(object, file, place, numbers)));
        }
        return list;
    }

    /** Values that are objects or lists are not properties of NetWNV, but of what CIM adds. */
    static NetWnvRow row(ObjectNode object, String file, String place, EnumNumbers numbers) {
        NetWnvRow row = new NetWnvRow(file, place, numbers);
        object.propertyStream()
                .filter(property -> property.getValue().isValueNode()
                        && !property.getValue().isNull())
                .forEach(property ->
                        row.put(property.getKey(), property.getValue().asString()));
        return row;
    }

    /** What {@code Get-... | ConvertTo-Json} shows of one class, with names for enumerations. */
    static <T> ArrayNode array(NetWnvClass<T> type, NetWnvHost host) {
        ArrayNode array = FabricJson.mapper().createArrayNode();
        type.of(host).forEach(record -> array.add(object(type, record)));
        return array;
    }

    private static <T> ObjectNode object(NetWnvClass<T> type, T record) {
        ObjectNode object = FabricJson.mapper().createObjectNode();
        for (NetWnvClass.Column<T> column : type.columns()) {
            Optional<?> value = column.value().apply(record);
            switch (value.orElse(null)) {
                case null -> object.putNull(column.name());
                case NetWnvName name -> object.put(column.name(), name.text());
                case Boolean flag -> object.put(column.name(), flag);
                case Number number -> object.put(column.name(), number.longValue());
                case Object text -> object.put(column.name(), text.toString());
            }
        }
        return object;
    }
}
