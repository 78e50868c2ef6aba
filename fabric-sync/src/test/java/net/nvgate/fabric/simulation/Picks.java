package net.nvgate.fabric.simulation;

import static net.nvgate.fabric.manager.TestFabric.named;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacAddress;

/** What a request names: objects that a manager shows, and values that are scarce on purpose. */
record Picks(Random random, FabricManager fabric) {

    private static final int NAMES = 12;
    private static final MacAddress OWN_MACS = MacAddress.parse("02:00:00:00:00:00");

    int number(int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    <T> T of(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }

    String name() {
        return named("n" + number(NAMES));
    }

    UUID id() {
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | (1L << 63));
    }

    /** An object that the manager shows; an id of nothing if there is none. */
    UUID any(Kind kind) {
        return object(kind).map(FabricObject::id).orElseGet(this::id);
    }

    Optional<FabricObject> object(Kind kind) {
        List<FabricObject> objects = fabric.list(kind);
        return objects.isEmpty() ? Optional.empty() : Optional.of(of(objects));
    }

    <T extends FabricObject> Optional<T> object(Class<T> type) {
        return object(Kind.of(type)).map(type::cast);
    }

    /** The object of this name; an id of nothing if it has another one by now. */
    UUID called(Kind kind, String name) {
        return fabric.list(kind, name).stream()
                .findFirst()
                .map(FabricObject::id)
                .orElseGet(this::id);
    }

    /** The logical network with virtualization. */
    UUID virtual() {
        return fabric.list(Kind.LOGICAL_NETWORK).stream()
                .map(LogicalNetwork.class::cast)
                .filter(LogicalNetwork::networkVirtualization)
                .findFirst()
                .orElseThrow()
                .id();
    }

    String prefix() {
        return "192.168." + number(4) + "." + (random.nextBoolean() ? "0/24" : "0/28");
    }

    String prefix6() {
        return "fd01:0:0:" + number(3) + "::/64";
    }

    String target() {
        return "192.168." + number(4) + "." + (2 + number(10));
    }

    /** A MAC that a tenant brings along: no pool has it. */
    MacAddress ownMac() {
        return OWN_MACS.plus(number(6));
    }
}
