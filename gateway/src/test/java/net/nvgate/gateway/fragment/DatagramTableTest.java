package net.nvgate.gateway.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.nvgate.gateway.dpdk.TableMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table does what lists of intervals would do; nothing is lost or left over after any sequence of events. */
class DatagramTableTest {

    private static final int CAPACITY = 64;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Model> all = new ArrayList<>();
    private final Map<Long, Model> byAddress = new HashMap<>();
    private long memory;
    private DatagramTable table;

    private static final class Model {
        long key0;
        long key1;
        int owner;
        long address;
        boolean[] seen = new boolean[SeenUnits.UNITS];
        int end = -1;

        boolean complete() {
            for (int i = 0; i < end; i++) {
                if (!seen[i]) {
                    return false;
                }
            }
            return end > 0;
        }
    }

    @BeforeEach
    void open() {
        memory = TableMemory.allocate(DatagramTable.bytes(CAPACITY), 64);
        table = new DatagramTable(memory, CAPACITY, random.nextLong());
    }

    @AfterEach
    void close() {
        TableMemory.free(memory);
    }

    @Test
    void behavesAsTheModel() {
        for (int i = 0; i < 30_000; i++) {
            int what = random.nextInt(10);
            if (what < 3) {
                create(i);
            } else if (what < 9 && !all.isEmpty()) {
                enter(all.get(random.nextInt(all.size())), "seed " + seed + " round " + i);
            } else if (!all.isEmpty()) {
                forget(all.get(random.nextInt(all.size())));
            }
            if (i % 50 == 0) {
                table.removeComplete();
                List.copyOf(all).stream().filter(Model::complete).forEach(this::drop);
            }
            assertThat(table.used()).as("seed %d round %d", seed, i).isEqualTo(all.size());
        }
        List.copyOf(all).forEach(this::forget);
        assertThat(table.used()).isZero();
        for (int share = 0; share < DatagramTable.shares(); share++) {
            assertThat(table.expired(share, 0, Integer.MIN_VALUE)).isZero();
        }
    }

    private void create(int round) {
        int owner = random.nextInt(12);
        int share = table.share(owner);
        for (long old = table.inTheWay(share); old != 0; old = table.inTheWay(share)) {
            Model oldest = Objects.requireNonNull(byAddress.get(old));
            assertThat(all.stream()
                            .filter(m -> table.share(m.owner) == table.share(oldest.owner))
                            .findFirst()
                            .orElseThrow())
                    .as("seed " + seed)
                    .isSameAs(oldest);
            forget(oldest);
        }
        Model model = new Model();
        model.key0 = random.nextLong();
        model.key1 = Datagram.key1(round, owner, 17);
        model.owner = owner;
        model.address = table.create(model.key0, model.key1, share, round);
        assertThat(model.address).isNotZero();
        assertThat(table.find(model.key0, model.key1)).isEqualTo(model.address);
        all.add(model);
        byAddress.put(model.address, model);
        assertThat(all.stream().filter(m -> table.share(m.owner) == share).count())
                .isLessThanOrEqualTo(CAPACITY / 8);
    }

    private void enter(Model model, String what) {
        if (model.complete() || table.isBad(model.address)) {
            return;
        }
        int offset = random.nextInt(12) * 8;
        int units = 1 + random.nextInt(16);
        boolean last = random.nextInt(4) == 0;
        DatagramTable.Place expected = expected(model, offset, offset + units, last);
        assertThat(table.enter(model.address, offset, units * 8 - (last ? random.nextInt(8) : 0), last))
                .as(what)
                .isEqualTo(expected);
        if (expected == DatagramTable.Place.NEW) {
            for (int i = offset; i < offset + units; i++) {
                model.seen[i] = true;
            }
            model.end = last ? offset + units : model.end;
        }
        assertThat(table.isComplete(model.address)).as(what).isEqualTo(model.complete());
    }

    private static DatagramTable.Place expected(Model model, int from, int to, boolean last) {
        int seen = 0;
        boolean behind = false;
        for (int i = 0; i < model.seen.length; i++) {
            seen += model.seen[i] && i >= from && i < to ? 1 : 0;
            behind |= model.seen[i] && i >= to;
        }
        if (seen == to - from && (!last || model.end == to)) {
            return DatagramTable.Place.REPEATED;
        }
        boolean contradicts = model.end >= 0 && (to > model.end || last);
        return seen > 0 || contradicts || (last && behind) ? DatagramTable.Place.OVERLAPPING : DatagramTable.Place.NEW;
    }

    private void forget(Model model) {
        table.remove(model.address);
        drop(model);
    }

    private void drop(Model model) {
        all.remove(model);
        byAddress.remove(model.address);
        assertThat(table.find(model.key0, model.key1)).isZero();
    }
}
