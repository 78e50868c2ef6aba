package net.nvgate.mgmt.access;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.nvgate.fabric.model.UserRole;

/** What the contract says about who may do what: {@code x-nvgate-permission} of operations, {@code x-nvgate-roles}. */
public final class Permissions {

    public static final String PUBLIC = "public";
    public static final String SELF = "self";
    public static final String USERS_READ = "users-read";
    public static final String USERS_CHANGE = "users-change";

    private final Map<String, String> byOperation = new TreeMap<>();
    private final Map<UserRole, Set<String>> byRole = new EnumMap<>(UserRole.class);
    /** Method and path of operations for everybody. */
    private final Set<String> open = new TreeSet<>();
    /** Ids of operations that are a GET, and yet not for read-only tokens. */
    private final Set<String> beyondReading = new TreeSet<>();

    /** @throws IllegalStateException if an operation has no permission, or a name is not explained */
    public Permissions(JsonObject contract) {
        Set<String> known = contract.getJsonObject("x-nvgate-permissions").fieldNames();
        JsonObject roles = contract.getJsonObject("x-nvgate-roles");
        for (UserRole role : UserRole.values()) {
            Set<String> granted = new TreeSet<>();
            JsonArray names = roles.getJsonArray(role.name());
            names.forEach(name -> granted.add(known((String) name, known, role.name())));
            byRole.put(role, Set.copyOf(granted));
        }
        JsonObject paths = contract.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject operations = paths.getJsonObject(path);
            for (String method : operations.fieldNames()) {
                if (operations.getValue(method) instanceof JsonObject operation) {
                    String id = operation.getString("operationId");
                    String permission = known(operation.getString("x-nvgate-permission"), known, id);
                    byOperation.put(id, permission);
                    if (operation.getBoolean("x-nvgate-beyond-reading", false)) {
                        beyondReading.add(id);
                    }
                    if (permission.equals(PUBLIC)) {
                        open.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path);
                    }
                }
            }
        }
    }

    private static String known(@org.jspecify.annotations.Nullable String name, Set<String> known, String where) {
        if (name == null || !known.contains(name)) {
            throw new IllegalStateException("openapi.yaml: " + where + " has no permission that it explains: " + name);
        }
        return name;
    }

    /** Of an operation of the contract. */
    public String of(String operationId) {
        String permission = byOperation.get(operationId);
        if (permission == null) {
            throw new IllegalStateException("the contract has no operation " + operationId);
        }
        return permission;
    }

    /** True if it changes nothing, but shows what read-only tokens are not for: what people send. */
    public boolean beyondReading(String operationId) {
        return beyondReading.contains(operationId);
    }

    /** True if this is an operation for everybody; such paths have no parameters. */
    public boolean isOpen(String method, String path) {
        return open.contains(method + " " + path);
    }

    public Set<String> of(UserRole role) {
        return byRole.getOrDefault(role, Set.of());
    }

    /** True if it does not change anything. */
    private static boolean reads(String permission) {
        return permission.endsWith("-read");
    }

    /** What a principal may. */
    public Set<String> of(Principal principal) {
        Set<String> granted = new TreeSet<>(of(principal.role()));
        if (principal.readOnly()) {
            granted.removeIf(permission -> !reads(permission) && !permission.equals(SELF));
        }
        return granted;
    }

    /**
     * Whether a principal may do this.
     *
     * @param reading the request is a GET or HEAD, and not {@link #beyondReading}
     */
    public boolean allow(Principal principal, String permission, boolean reading) {
        if (permission.equals(PUBLIC)) {
            return true;
        }
        if (principal.readOnly() && !(reads(permission) || reading)) {
            return false;
        }
        return of(principal.role()).contains(permission);
    }

    /** True if who has the one role may give away the other. */
    public boolean covers(UserRole role, UserRole other) {
        return of(role).containsAll(of(other)) && (!role.ofTenant() || other.ofTenant());
    }
}
