package net.nvgate.mgmt.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down those who guess passwords. Failures are counted per address and user, per address, and per user; each count
 * has some free ones, and then a pause that doubles with each further failure:
 *
 * <pre>
 *                     free   first pause   longest
 *  user and address      5          1 s     15 min
 *  address              20          1 s     15 min
 *  user                 50          1 s      1 min   short, as others could keep the user out
 * </pre>
 *
 * An attempt counts as a failure until it has succeeded, so that many at once gain nothing. A count ends an hour after its
 * last failure, or with a success of the same user from the same address (not that of the address as a whole). Each
 * manager counts by itself. Thread-safe.
 */
public final class LoginThrottle {

    private static final int ENTRIES_MAX = 20_000;
    private static final Duration KEPT = Duration.ofHours(1);

    private final Clock clock;
    private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    public LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    private record Count(int failures, Instant last, Instant next) {}

    private record Rule(String key, int free, Duration longest) {

        Duration pause(int failures) {
            int over = failures - free;
            return over < 0 ? Duration.ZERO : min(Duration.ofSeconds(1L << Math.min(over, 20)), longest);
        }

        private static Duration min(Duration a, Duration b) {
            return a.compareTo(b) < 0 ? a : b;
        }
    }

    private static List<Rule> rules(String user, String address) {
        String name = user.toLowerCase(Locale.ROOT);
        return List.of(
                new Rule("both " + address + " " + name, 5, Duration.ofMinutes(15)),
                new Rule("address " + address, 20, Duration.ofMinutes(15)),
                new Rule("user " + name, 50, Duration.ofMinutes(1)));
    }

    /** Begins an attempt: empty, or how long to wait, and then it does not count. */
    public synchronized Optional<Duration> begin(String user, String address) {
        Instant now = clock.instant();
        Duration wait = Duration.ZERO;
        for (Rule rule : rules(user, address)) {
            Count count = current(rule, now);
            Duration left = Duration.between(now, count.next());
            wait = left.compareTo(wait) > 0 ? left : wait;
        }
        if (!wait.isZero()) {
            return Optional.of(wait);
        }
        for (Rule rule : rules(user, address)) {
            int failures = current(rule, now).failures() + 1;
            counts.put(rule.key(), new Count(failures, now, now.plus(rule.pause(failures))));
        }
        return Optional.empty();
    }

    private Count current(Rule rule, Instant now) {
        Count count = counts.get(rule.key());
        return count == null || count.last().plus(KEPT).isBefore(now) ? new Count(0, now, now) : count;
    }

    /** The attempt was none: it succeeded. */
    public synchronized void succeeded(String user, String address) {
        Instant now = clock.instant();
        List<Rule> rules = rules(user, address);
        counts.remove(rules.getFirst().key());
        for (Rule rule : rules.subList(1, rules.size())) {
            Count count = current(rule, now);
            counts.put(rule.key(), new Count(Math.max(0, count.failures() - 1), now, now));
        }
    }
}
