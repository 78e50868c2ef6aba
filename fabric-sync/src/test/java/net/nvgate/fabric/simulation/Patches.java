package net.nvgate.fabric.simulation;

import static net.nvgate.fabric.manager.TestFabric.field;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacPool;

/** Requests that change fields of an object, now and then of the version that the client has seen. */
final class Patches {

    private static final int CHOICES = 24;

    private final Picks picks;
    private final Specs specs;

    Patches(Picks picks, Specs specs) {
        this.picks = picks;
        this.specs = specs;
    }

    Operation any() {
        return switch (picks.number(CHOICES)) {
            case 0, 1 -> patch(Kind.PLAN, limits());
            case 2 -> patch(Kind.SUBSCRIPTION, "\"planId\":\"" + picks.any(Kind.PLAN) + "\"");
            case 3 -> patch(Kind.SUBSCRIPTION, "\"state\":\"" + (picks.oneIn(3) ? "SUSPENDED" : "ACTIVE") + "\"");
            case 4 -> patch(Kind.CLOUD, "\"capacity\":{\"vms\":" + picks.number(8) + "}");
            case 5 -> patch(Kind.VM, "\"vcpus\":" + (1 + picks.number(4)));
            case 6 -> patch(Kind.VM, "\"subscriptionId\":\"" + picks.any(Kind.SUBSCRIPTION) + "\"");
            case 7 -> patch(Kind.VM_NETWORK, "\"grantedTo\":[\"" + picks.any(Kind.SUBSCRIPTION) + "\"]");
            case 8 -> patch(Kind.VM_NETWORK_GATEWAY, "\"routes\":" + routes());
            case 9 -> patch(Kind.VM_NETWORK_GATEWAY, "\"nat64Prefix\":\"64:ff9b::/96\"");
            case 10 -> patch(Kind.NAT_CONNECTION, "\"portMax\":" + (2000 + 1000 * picks.number(40)));
            case 11 -> patch(Kind.NAT_RULE, "\"internalAddress\":\"" + picks.target() + "\"");
            case 12 -> patch(Kind.NAT_ONE_TO_ONE, "\"internalAddress\":\"" + picks.target() + "\"");
            case 13 -> patch(Kind.TENANT_INTERFACE, "\"addresses\":[" + specs.interfaceAddress() + "]");
            case 14 -> patch(Kind.VM_SUBNET, "\"dhcp\":{\"dnsServers\":[\"192.168.1.1\"]}");
            case 15, 16 -> patch(Kind.HOST, "\"maintenance\":" + picks.random().nextBoolean());
            case 17 -> patch(Kind.HOST, "\"hostGroupId\":" + group());
            case 18 -> patch(Kind.HOST_GROUP, "\"parentId\":" + group());
            case 19, 20 -> ipPool();
            case 21 -> macPool();
            case 22 -> patch(picks.oneIn(2) ? Kind.ADDRESS_GRANT : Kind.MAC_GRANT, "\"state\":\"INACTIVE\"");
            default -> patch(picks.of(Specs.KINDS), picks.name());
        };
    }

    private Operation patch(Kind kind, String members) {
        Optional<FabricObject> object = picks.object(kind);
        return patch(kind, object.map(FabricObject::id).orElseGet(picks::id), members, version(object));
    }

    private static Operation patch(Kind kind, UUID id, String members, Optional<Long> version) {
        return new Operation.Update(kind, id, Patch.read("{" + members + "}"), version);
    }

    /** What the client has seen of the object, if it insists on that. */
    Optional<Long> version(Optional<? extends FabricObject> object) {
        return picks.oneIn(6) ? object.map(FabricObject::changedRevision) : Optional.empty();
    }

    private String group() {
        return picks.oneIn(3) ? "null" : "\"" + picks.any(Kind.HOST_GROUP) + "\"";
    }

    private String routes() {
        return picks.oneIn(2)
                ? "[]"
                : "[{\"destinationPrefix\":\"10.8.0.0/16\",\"nextHops\":[\"" + picks.target() + "\"]}]";
    }

    private String limits() {
        return "\"limits\":{\"vms\":" + picks.number(5) + ",\"vcpus\":" + picks.number(9) + ",\"memoryMb\":"
                + 1024 * picks.number(6) + ",\"vmSubnets\":" + picks.number(4) + ",\"vmNetworks\":" + picks.number(3)
                + ",\"natRules\":" + picks.number(3) + ",\"publicAddresses\":" + picks.number(3) + "}";
    }

    /** An end of the range moves in or out, or an address is set aside. */
    private Operation ipPool() {
        return picks.object(IpPool.class)
                .map(pool -> {
                    String members = switch (picks.number(5)) {
                        case 0 -> field("rangeStart", pool.rangeStart().plus(picks.number(3)));
                        case 1 -> field("rangeEnd", pool.rangeEnd().plus(-picks.number(3)));
                        case 2 -> field("rangeEnd", pool.rangeStart().plus(6L + picks.number(6)));
                        case 3 -> ",\"reserved\":[\"" + pool.rangeStart().plus(picks.number(6)) + "\"]";
                        default -> ",\"vips\":[\"" + pool.rangeStart().plus(picks.number(6)) + "\"]";
                    };
                    return patch(Kind.IP_POOL, pool.id(), members.substring(1), version(Optional.of(pool)));
                })
                .orElseGet(() -> patch(Kind.IP_POOL, picks.name()));
    }

    private Operation macPool() {
        return picks.object(MacPool.class)
                .map(pool -> patch(
                        Kind.MAC_POOL,
                        pool.id(),
                        field("rangeEnd", pool.rangeStart().plus(picks.number(16)))
                                .substring(1),
                        version(Optional.of(pool))))
                .orElseGet(() -> patch(Kind.MAC_POOL, picks.name()));
    }
}
