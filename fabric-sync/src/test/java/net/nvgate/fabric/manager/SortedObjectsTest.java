package net.nvgate.fabric.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.ObjectChange;
import org.junit.jupiter.api.Test;

class SortedObjectsTest {

    private final Random random = new Random(1);
    private final Map<UUID, FabricObject> expected = new HashMap<>();

    private FabricObject named(UUID id) {
        Meta meta = Meta.of(id, "n" + random.nextInt(2000), "").stamped(null, random.nextInt(500) + 1L, "somebody");
        return new HostGroup(meta, Optional.empty());
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** Grows by single changes and by many at once, shrinks to nothing, and always is what sorting would make of it. */
    @Test
    void isAlwaysInOrder() {
        SortedObjects list = SortedObjects.EMPTY;
        for (int round = 0; round < 100; round++) {
            SortedObjects before = list;
            List<FabricObject> copy = List.copyOf(before);
            list = list.with(changes(round % 4 == 0 ? 300 : 1 + random.nextInt(60), round < 50));
            assertIsExpected(list);
            assertThat(before).as("who has an older list keeps it").isEqualTo(copy);
        }
        for (FabricObject object : List.copyOf(list)) {
            list = list.with(List.of(new ObjectChange(Optional.of(object), Optional.empty())));
        }
        assertThat(list).isEmpty();
        assertThat(list.named("n1")).isEmpty();
    }

    /** Of one transaction: no object is in two of them. */
    private List<ObjectChange> changes(int count, boolean growing) {
        List<ObjectChange> changes = new ArrayList<>();
        List<UUID> there = new ArrayList<>(expected.keySet());
        for (int i = 0; i < count; i++) {
            int what = random.nextInt(10);
            if (there.isEmpty() || what < (growing ? 7 : 1)) {
                changes.add(new ObjectChange(Optional.empty(), Optional.of(named(id()))));
            } else {
                FabricObject before = Objects.requireNonNull(expected.get(there.remove(random.nextInt(there.size()))));
                Optional<FabricObject> after = what < 9 ? Optional.empty() : Optional.of(named(before.id()));
                changes.add(new ObjectChange(Optional.of(before), after));
            }
        }
        changes.forEach(change -> expected.remove(change.id()));
        changes.forEach(change -> change.after().ifPresent(object -> expected.put(object.id(), object)));
        return changes;
    }

    private void assertIsExpected(SortedObjects list) {
        List<FabricObject> sorted =
                expected.values().stream().sorted(FabricManager.BY_NAME).toList();
        assertThat(list).hasSameSizeAs(sorted).isEqualTo(sorted);
        assertThat(list.stream().toList()).isEqualTo(sorted);
        for (int i = 0; i < sorted.size(); i += 97) {
            assertThat(list.get(i)).isEqualTo(sorted.get(i));
            String name = sorted.get(i).name();
            assertThat(list.named(name))
                    .isEqualTo(sorted.stream()
                            .filter(object -> object.name().equals(name))
                            .toList());
        }
        assertThat(list.containing("N19"))
                .isEqualTo(sorted.stream()
                        .filter(object -> object.name().contains("n19"))
                        .toList());
        List<FabricObject> newest = sorted.stream()
                .sorted(Comparator.comparingLong(
                        (FabricObject object) -> -object.meta().changedRevision()))
                .toList();
        for (int count : new int[] {0, 1, 25, sorted.size() + 1}) {
            assertThat(list.newest(count)).isEqualTo(newest.subList(0, Math.min(count, newest.size())));
        }
        assertSelects(list, sorted);
        assertThatThrownBy(() -> list.get(sorted.size())).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Asked again and again, while the list changes between: what a chunk has kept is of that chunk. */
    private void assertSelects(SortedObjects list, List<FabricObject> sorted) {
        Comparator<FabricObject> oldest =
                Comparator.comparingLong((FabricObject object) -> object.meta().changedRevision());
        for (int digit = 0; digit < 3; digit++) {
            String end = String.valueOf(digit);
            List<FabricObject> wanted = sorted.stream()
                    .filter(object -> object.name().endsWith(end))
                    .toList();
            List<FabricObject> byAge = wanted.stream().sorted(oldest).toList();
            for (int first : new int[] {0, 7, Integer.MAX_VALUE}) {
                int count = Math.min(first, wanted.size());
                assertThat(list.select(
                                new Selection(end, object -> object.name().endsWith(end), Optional.empty()), first))
                        .isEqualTo(new Selection.Found(wanted.subList(0, count), wanted.size()));
                assertThat(list.select(
                                new Selection(
                                        end + " by age", object -> object.name().endsWith(end), Optional.of(oldest)),
                                first))
                        .isEqualTo(new Selection.Found(byAge.subList(0, count), wanted.size()));
            }
        }
    }

    /** What was looked at once is not looked at again, but for the chunks that have changed. */
    @Test
    void looksOnceAtEachChunk() {
        List<FabricObject> objects = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            objects.add(named(id()));
        }
        SortedObjects list = SortedObjects.of(objects);
        AtomicInteger looks = new AtomicInteger();
        Selection counted = new Selection("all", _ -> looks.incrementAndGet() > 0, Optional.empty());
        assertThat(list.select(counted, 10).total()).isEqualTo(10_000);
        assertThat(list.select(counted, 10).total()).isEqualTo(10_000);
        assertThat(looks).hasValue(10_000);
        SortedObjects more = list.with(List.of(new ObjectChange(Optional.empty(), Optional.of(named(id())))));
        assertThat(more.select(counted, 10).total()).isEqualTo(10_001);
        assertThat(looks.get()).isBetween(10_001, 10_600);
    }

    @Test
    void sayWhatDoesNotFit() {
        SortedObjects list = SortedObjects.of(List.of(named(id())));
        List<ObjectChange> unknown = List.of(new ObjectChange(Optional.of(named(id())), Optional.empty()));
        assertThatThrownBy(() -> list.with(unknown)).isInstanceOf(IllegalStateException.class);
    }
}
