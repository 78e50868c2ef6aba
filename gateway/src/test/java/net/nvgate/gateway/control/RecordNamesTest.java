package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordNamesTest {

    private static final List<String> ALPHABETS = List.of("abc-019", "äöü", "漢字", "😀");

    private static String name(Random random) {
        String alphabet = ALPHABETS.get(random.nextInt(ALPHABETS.size()));
        int[] points = alphabet.codePoints().toArray();
        StringBuilder name = new StringBuilder();
        for (int left = random.nextInt(random.nextInt(20) == 0 ? 250 : 20); left > 0; left--) {
            name.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return name.toString();
    }

    @Test
    void everyNameIsWhatItWasHoweverManyComeAndGo() {
        Random random = new Random(1);
        RecordNames names = new RecordNames();
        List<Integer> handles = new ArrayList<>();
        List<String> model = new ArrayList<>();
        for (int step = 0; step < 50_000; step++) {
            if (!handles.isEmpty() && random.nextInt(10) < 4) {
                int at = random.nextInt(handles.size());
                names.remove(handles.get(at));
                handles.set(at, handles.getLast());
                handles.removeLast();
                model.set(at, model.getLast());
                model.removeLast();
            } else {
                String name = name(random);
                int handle = names.add(name);
                assertThat(handle).isPositive();
                handles.add(handle);
                model.add(name);
            }
        }
        Set<Integer> different = new HashSet<>(handles);
        assertThat(different).hasSameSizeAs(handles);
        for (int i = 0; i < model.size(); i++) {
            assertThat(names.get(handles.get(i))).isEqualTo(model.get(i));
            assertThat(names.is(handles.get(i), model.get(i))).isTrue();
            assertThat(names.is(handles.get(i), model.get(i) + "x")).isFalse();
            assertThat(names.is(handles.get(i), name(random) + "?")).isFalse();
        }
    }

    @Test
    void placeThatIsFreeIsUsedAgain() {
        RecordNames names = new RecordNames();
        List<Integer> handles = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            handles.add(names.add("vm" + i));
        }
        long bytes = names.bytes();
        for (int round = 0; round < 5; round++) {
            handles.forEach(names::remove);
            handles.clear();
            for (int i = 0; i < 20_000; i++) {
                handles.add(names.add("vm" + i));
            }
        }
        assertThat(names.bytes()).isEqualTo(bytes);
        assertThat(bytes).isLessThan(20_000 * 16 + (1 << 17));
    }

    @Test
    void nameThatIsTooLongIsRefused() {
        RecordNames names = new RecordNames();
        assertThat(names.get(names.add("x".repeat(RecordNames.BYTES_MAX)))).hasSize(RecordNames.BYTES_MAX);
        assertThatThrownBy(() -> names.add("x".repeat(RecordNames.BYTES_MAX + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
