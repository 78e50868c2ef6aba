package net.nvgate.gateway.police;

import java.util.Arrays;

/** Lists of places, each of which is in one list at most: who has a turn, in order. */
final class PlaceLists {

    private static final int NONE = -1;

    private final int[] first;
    private final int[] last;
    private final int[] next;
    private final boolean[] listed;

    PlaceLists(int lists, int places) {
        first = new int[lists];
        last = new int[lists];
        next = new int[places];
        listed = new boolean[places];
        Arrays.fill(first, NONE);
        Arrays.fill(last, NONE);
        Arrays.fill(next, NONE);
    }

    /** -1 if the list is empty. */
    int first(int list) {
        return first[list];
    }

    /** The one after a place in its list, -1 if it is the last. */
    int next(int place) {
        return next[place];
    }

    boolean has(int place) {
        return listed[place];
    }

    void append(int list, int place) {
        listed[place] = true;
        next[place] = NONE;
        if (first[list] == NONE) {
            first[list] = place;
        } else {
            next[last[list]] = place;
        }
        last[list] = place;
    }

    int removeFirst(int list) {
        int place = first[list];
        first[list] = next[place];
        next[place] = NONE;
        listed[place] = false;
        return place;
    }

    void toEnd(int list) {
        append(list, removeFirst(list));
    }
}
