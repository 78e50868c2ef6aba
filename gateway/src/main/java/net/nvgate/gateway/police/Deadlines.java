package net.nvgate.gateway.police;

/** Times of a few hundred things, the next one first: a binary heap in arrays. A thing is in it once at most. */
public final class Deadlines {

    /** Of an empty heap: later than every time. */
    public static final long NEVER = Long.MAX_VALUE;

    private final long[] time;
    private final int[] thing;
    private int count;

    public Deadlines(int capacity) {
        time = new long[capacity];
        thing = new int[capacity];
    }

    public long first() {
        return count == 0 ? NEVER : time[0];
    }

    public void add(int what, long when) {
        int i = count++;
        while (i > 0 && time[(i - 1) / 2] > when) {
            time[i] = time[(i - 1) / 2];
            thing[i] = thing[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        time[i] = when;
        thing[i] = what;
    }

    /** Takes the next thing out. */
    public int poll() {
        int what = thing[0];
        count--;
        long when = time[count];
        int last = thing[count];
        int i = 0;
        while (2 * i + 1 < count) {
            int child = 2 * i + 1;
            if (child + 1 < count && time[child + 1] < time[child]) {
                child++;
            }
            if (time[child] >= when) {
                break;
            }
            time[i] = time[child];
            thing[i] = thing[child];
            i = child;
        }
        time[i] = when;
        thing[i] = last;
        return what;
    }
}
