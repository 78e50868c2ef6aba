package net.nvgate.fabric.file;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.SpecMeta;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;

/**
 * The fields of a mapping in a fabric file, read off the request that the API takes for the object. What is
 * {@code logicalNetworkId} or {@code hostIds} there is {@code logicalNetwork} or {@code hosts} in a file, and has names.
 *
 * @param byName in the file
 */
record Fields(Map<String, Field> byName) {

    /**
     * @param json name in the API
     * @param refers kind of object that a value names
     * @param inner of the mapping, or of each mapping in the list; empty if it is plain
     * @param optional may be left out
     */
    record Field(String json, Optional<Kind> refers, Optional<Fields> inner, boolean optional) {}

    /** References whose names do not say to what. */
    private static final Map<String, Kind> NAMED = Map.of(
            "paPoolId",
            Kind.IP_POOL,
            "paPool6Id",
            Kind.IP_POOL,
            "externalPoolId",
            Kind.IP_POOL,
            "externalPool6Id",
            Kind.IP_POOL,
            "parentId",
            Kind.HOST_GROUP,
            "grantedTo",
            Kind.SUBSCRIPTION);

    private static final Set<Class<?>> TEXT = Set.of(IpAddress.class, IpPrefix.class, MacAddress.class, Vsid.class);

    private static final Map<Kind, Fields> OF_KINDS = new EnumMap<>(Kind.class);

    static {
        for (Kind kind : Kind.ofFabric()) {
            OF_KINDS.put(kind, of(FabricSpec.type(kind)));
        }
    }

    /** Of the objects of a kind. */
    static Fields of(Kind kind) {
        return OF_KINDS.getOrDefault(kind, new Fields(Map.of()));
    }

    private static Fields of(Class<?> type) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType() == SpecMeta.class) {
                fields.put("name", new Field("name", Optional.empty(), Optional.empty(), false));
                fields.put("description", new Field("description", Optional.empty(), Optional.empty(), true));
                fields.put("labels", new Field("labels", Optional.empty(), Optional.empty(), true));
            } else {
                Field field = of(component);
                fields.put(field.refers().isPresent() ? nameOf(field.json()) : field.json(), field);
            }
        }
        return new Fields(fields);
    }

    private static Field of(RecordComponent component) {
        String json = component.getName();
        Class<?> type = element(component.getGenericType());
        Optional<Kind> refers = type == UUID.class ? kindOf(json) : Optional.empty();
        Optional<Fields> inner = type.isRecord()
                        && TEXT.stream().noneMatch(text -> text.isAssignableFrom(type))
                        && !type.equals(Map.class)
                ? Optional.of(of(type))
                : Optional.empty();
        boolean optional = Optional.class.isAssignableFrom(component.getType())
                || Collection.class.isAssignableFrom(component.getType());
        return new Field(json, refers, inner, optional);
    }

    /** What is in the Optional, List or Set. */
    private static Class<?> element(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic
            when generic.getRawType() != Map.class -> element(generic.getActualTypeArguments()[0]);
            default -> Map.class;
        };
    }

    /** The kind whose name a field ends with, the longest; empty for an id that names no object. */
    static Optional<Kind> kindOf(String json) {
        String singular = json.endsWith("Ids") ? json.substring(0, json.length() - 1) : json;
        return Optional.ofNullable(NAMED.get(singular))
                .or(() -> Kind.ofFabric().stream()
                        .filter(kind -> singular.equals(camel(kind, false) + "Id")
                                || singular.endsWith(camel(kind, true) + "Id"))
                        .max(Comparator.comparingInt(kind -> kind.label().length())));
    }

    /** vmSubnet or VmSubnet for vm-subnet. */
    private static String camel(Kind kind, boolean capital) {
        StringBuilder name = new StringBuilder();
        for (String word : kind.label().split("-", -1)) {
            boolean lower = name.isEmpty() && !capital;
            name.append(lower ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }

    private static String nameOf(String json) {
        if (json.endsWith("Ids")) {
            String one = json.substring(0, json.length() - 3);
            return one + (one.endsWith("ch") || one.endsWith("s") ? "es" : "s");
        }
        return json.endsWith("Id") ? json.substring(0, json.length() - 2) : json;
    }
}
