package net.nvgate.fabric.manager;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.RandomAccess;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.ObjectChange;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one kind by name, which never change: a change makes another list, and shares with it all chunks that it does not touch. So a
 * page costs no copy and no sorting, however many objects there are and however often they change.
 *
 * <pre>
 *   chunks   [ a b c ] [ d e ] [ f g h i ]     1..512 objects each
 *   ends         3        5         9          objects up to the end of the chunk
 *   names    "a\nb\nc\n" ...                   in lower case, made when somebody searches
 *   kept     selections of the chunk, the last that somebody asked for
 * </pre>
 */
final class SortedObjects extends AbstractList<FabricObject> implements RandomAccess {

    static final SortedObjects EMPTY = new SortedObjects(new Chunk[0]);

    private static final int CHUNK = 256;
    private static final int CHUNK_MAX = 2 * CHUNK;

    /** More changes of a kind at once than this: one pass over all objects costs less than copies of their chunks. */
    private static final int SINGLE_MAX = 64;

    /** Selections that a chunk keeps: pages that are open ask the same again and again. */
    private static final int KEPT_MAX = 8;

    private static final Kept[] NONE_KEPT = {};

    private static final Selection NEWEST_FIRST = new Selection(
            "newest first",
            _ -> true,
            Optional.of(
                    (a, b) -> Long.compare(b.meta().changedRevision(), a.meta().changedRevision())));

    private final Chunk[] chunks;
    private final int[] ends;

    /** What of a chunk is wanted, in the order that is wanted. */
    private static final class Kept {

        private final Object key;
        private final FabricObject[] objects;

        Kept(Object key, FabricObject[] objects) {
            this.key = key;
            this.objects = objects;
        }
    }

    /** Objects that follow one another, and what is known of them without another look at each. */
    private static final class Chunk {

        private final FabricObject[] objects;
        private volatile @Nullable String names;
        private volatile Kept[] kept = NONE_KEPT;

        Chunk(FabricObject... objects) {
            this.objects = objects;
        }

        String names() {
            String known = names;
            if (known == null) {
                StringBuilder text = new StringBuilder();
                for (FabricObject object : objects) {
                    text.append(object.name()).append('\n');
                }
                known = text.toString().toLowerCase(Locale.ROOT);
                names = known;
            }
            return known;
        }

        /** Two who ask at once may both look, and one of the two is forgotten. */
        FabricObject[] selected(Selection selection) {
            Kept[] known = kept;
            for (Kept one : known) {
                if (one.key.equals(selection.key())) {
                    return one.objects;
                }
            }
            FabricObject[] found = new FabricObject[objects.length];
            int count = 0;
            for (FabricObject object : objects) {
                if (selection.wanted().test(object)) {
                    found[count++] = object;
                }
            }
            FabricObject[] selected = Arrays.copyOf(found, count);
            selection.order().ifPresent(order -> Arrays.sort(selected, order));
            Kept[] more = new Kept[Math.min(KEPT_MAX, known.length + 1)];
            more[0] = new Kept(selection.key(), selected);
            System.arraycopy(known, 0, more, 1, more.length - 1);
            kept = more;
            return selected;
        }
    }

    /** The next object of a chunk's selection, when those of all chunks are put in order. */
    private static final class Head {

        private final FabricObject[] objects;
        private final int chunk;
        private int at;

        Head(FabricObject[] objects, int chunk) {
            this.objects = objects;
            this.chunk = chunk;
        }

        FabricObject object() {
            return objects[at];
        }

        boolean advance() {
            return ++at < objects.length;
        }
    }

    private SortedObjects(Chunk[] chunks) {
        this.chunks = chunks;
        ends = new int[chunks.length];
        int end = 0;
        for (int i = 0; i < chunks.length; i++) {
            end += chunks[i].objects.length;
            ends[i] = end;
        }
    }

    static SortedObjects of(Collection<FabricObject> objects) {
        FabricObject[] sorted = objects.toArray(FabricObject[]::new);
        Arrays.sort(sorted, FabricManager.BY_NAME);
        return ofSorted(sorted);
    }

    private static SortedObjects ofSorted(FabricObject[] sorted) {
        Chunk[] chunks = new Chunk[(sorted.length + CHUNK - 1) / CHUNK];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = new Chunk(Arrays.copyOfRange(sorted, i * CHUNK, Math.min(sorted.length, (i + 1) * CHUNK)));
        }
        return new SortedObjects(chunks);
    }

    /** The list after changes of objects of its kind. */
    SortedObjects with(List<ObjectChange> changes) {
        if (changes.size() > SINGLE_MAX) {
            return merged(changes);
        }
        SortedObjects list = this;
        for (ObjectChange change : changes) {
            if (change.before().isPresent()) {
                list = list.without(change.before().get());
            }
            if (change.after().isPresent()) {
                list = list.with(change.after().get());
            }
        }
        return list;
    }

    private SortedObjects merged(List<ObjectChange> changes) {
        Set<UUID> changed = new HashSet<>();
        changes.forEach(change -> changed.add(change.any().id()));
        FabricObject[] added = changes.stream()
                .flatMap(change -> change.after().stream())
                .sorted(FabricManager.BY_NAME)
                .toArray(FabricObject[]::new);
        FabricObject[] all = new FabricObject[size() + added.length];
        int count = 0;
        int next = 0;
        for (FabricObject object : this) {
            if (changed.contains(object.id())) {
                continue;
            }
            while (next < added.length && FabricManager.BY_NAME.compare(added[next], object) < 0) {
                all[count++] = added[next++];
            }
            all[count++] = object;
        }
        while (next < added.length) {
            all[count++] = added[next++];
        }
        return ofSorted(Arrays.copyOf(all, count));
    }

    private SortedObjects without(FabricObject object) {
        int chunk = chunkOf(object);
        int place = chunk < 0 ? -1 : Arrays.binarySearch(chunks[chunk].objects, object, FabricManager.BY_NAME);
        if (place < 0) {
            throw new IllegalStateException("no " + object.kind().label() + " '" + object.name() + "' in the list");
        }
        FabricObject[] old = chunks[chunk].objects;
        if (old.length == 1) {
            return replaced(chunk);
        }
        FabricObject[] shorter = new FabricObject[old.length - 1];
        System.arraycopy(old, 0, shorter, 0, place);
        System.arraycopy(old, place + 1, shorter, place, shorter.length - place);
        return replaced(chunk, new Chunk(shorter));
    }

    private SortedObjects with(FabricObject object) {
        if (chunks.length == 0) {
            return ofSorted(new FabricObject[] {object});
        }
        int chunk = Math.max(0, chunkOf(object));
        FabricObject[] old = chunks[chunk].objects;
        int place = -1 - Arrays.binarySearch(old, object, FabricManager.BY_NAME);
        FabricObject[] longer = new FabricObject[old.length + 1];
        System.arraycopy(old, 0, longer, 0, place);
        longer[place] = object;
        System.arraycopy(old, place, longer, place + 1, old.length - place);
        return longer.length <= CHUNK_MAX
                ? replaced(chunk, new Chunk(longer))
                : replaced(
                        chunk,
                        new Chunk(Arrays.copyOf(longer, CHUNK)),
                        new Chunk(Arrays.copyOfRange(longer, CHUNK, longer.length)));
    }

    private SortedObjects replaced(int chunk, Chunk... by) {
        Chunk[] fresh = new Chunk[chunks.length - 1 + by.length];
        System.arraycopy(chunks, 0, fresh, 0, chunk);
        System.arraycopy(by, 0, fresh, chunk, by.length);
        System.arraycopy(chunks, chunk + 1, fresh, chunk + by.length, chunks.length - chunk - 1);
        return new SortedObjects(fresh);
    }

    /** The last chunk that does not begin after the object; -1 if all do. */
    private int chunkOf(FabricObject object) {
        int low = 0;
        int high = chunks.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (FabricManager.BY_NAME.compare(chunks[middle].objects[0], object) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Objects of this name; of most kinds there is one at most. */
    List<FabricObject> named(String name) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).name().compareTo(name) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int end = low;
        while (end < size() && get(end).name().equals(name)) {
            end++;
        }
        return List.copyOf(subList(low, end));
    }

    /** Objects whose names contain a text, whatever the case. */
    List<FabricObject> containing(String part) {
        String wanted = part.toLowerCase(Locale.ROOT);
        List<FabricObject> found = new ArrayList<>();
        for (Chunk chunk : chunks) {
            if (!chunk.names().contains(wanted)) {
                continue;
            }
            for (FabricObject object : chunk.objects) {
                if (object.name().toLowerCase(Locale.ROOT).contains(wanted)) {
                    found.add(object);
                }
            }
        }
        return found;
    }

    /**
     * The first objects that are wanted, and how many are. Only chunks that have changed since somebody asked the same are looked through.
     *
     * @param first how many are needed at most
     */
    Selection.Found select(Selection selection, int first) {
        FabricObject[][] selected = new FabricObject[chunks.length][];
        int total = 0;
        for (int i = 0; i < chunks.length; i++) {
            selected[i] = chunks[i].selected(selection);
            total += selected[i].length;
        }
        int count = Math.min(first, total);
        return new Selection.Found(
                selection
                        .order()
                        .map(order -> merged(selected, order, count))
                        .orElseGet(() -> Arrays.stream(selected)
                                .flatMap(Arrays::stream)
                                .limit(count)
                                .toList()),
                total);
    }

    /** Of objects that are equal in this order, those of an earlier chunk come first. */
    private static List<FabricObject> merged(FabricObject[][] selected, Comparator<FabricObject> order, int count) {
        PriorityQueue<Head> heads =
                new PriorityQueue<>(Comparator.comparing(Head::object, order).thenComparingInt(head -> head.chunk));
        for (int i = 0; i < selected.length; i++) {
            if (selected[i].length > 0) {
                heads.add(new Head(selected[i], i));
            }
        }
        List<FabricObject> objects = new ArrayList<>(count);
        while (objects.size() < count) {
            Head least = heads.remove();
            objects.add(least.object());
            if (least.advance()) {
                heads.add(least);
            }
        }
        return objects;
    }

    /** The objects that were changed last, the last first; of one revision, by name. */
    List<FabricObject> newest(int count) {
        return select(NEWEST_FIRST, count).objects();
    }

    @Override
    public FabricObject get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException(index + " of " + size());
        }
        int found = Arrays.binarySearch(ends, index + 1);
        int chunk = found >= 0 ? found : -1 - found;
        FabricObject[] objects = chunks[chunk].objects;
        return objects[index - (ends[chunk] - objects.length)];
    }

    @Override
    public int size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    @Override
    public Iterator<FabricObject> iterator() {
        return new Iterator<>() {
            private int chunk;
            private int place;

            @Override
            public boolean hasNext() {
                return chunk < chunks.length;
            }

            @Override
            public FabricObject next() {
                if (chunk >= chunks.length) {
                    throw new NoSuchElementException();
                }
                FabricObject object = chunks[chunk].objects[place++];
                if (place == chunks[chunk].objects.length) {
                    chunk++;
                    place = 0;
                }
                return object;
            }
        };
    }

    @Override
    public Spliterator<FabricObject> spliterator() {
        return Spliterators.spliterator(
                iterator(), size(), Spliterator.ORDERED | Spliterator.IMMUTABLE | Spliterator.NONNULL);
    }
}
