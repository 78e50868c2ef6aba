package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.nvgate.fabric.manager.Selection;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ModelException;
import org.jspecify.annotations.Nullable;

/**
 * Which items of a list are wanted, and in what order: {@code filter=vmNetworkId=ID,name~web} and {@code sort=-changedRevision,name}.
 *
 * <pre>
 *  filter   terms with commas between, all of which must hold: PATH OPERATOR VALUE; \, is a comma of a value
 *  PATH     a field, or one inside of it: labels.tier, nics.address; of lists, one item must match
 *  OPERATOR =  !=  : (one of several, with | between)  ~ (contains, whatever the case)  &lt;  &lt;=  &gt;  &gt;= (of numbers, addresses and times)
 *  sort     fields with commas between; with a minus, the greatest first
 * </pre>
 */
final class ListQuery {

    private static final Pattern TERM = Pattern.compile("([A-Za-z0-9_./-]+)(!=|<=|>=|=|:|~|<|>)(.*)", Pattern.DOTALL);
    private static final Pattern OR = Pattern.compile("\\|");
    private static final int TERMS_MAX = 20;

    private final List<Term> terms;
    private final List<Order> orders;

    /** What is the same for queries that ask for the same. */
    private record Asked(List<Term> terms, List<Order> orders) {}

    private ListQuery(List<Term> terms, List<Order> orders) {
        this.terms = terms;
        this.orders = orders;
    }

    /** @param oneOf the values of which the field has to have one; empty with other operators than {@code =} and {@code :} */
    private record Term(List<String> steps, String operator, String value, Set<String> oneOf) {

        static Term of(List<String> steps, String operator, String value) {
            Set<String> oneOf = switch (operator) {
                case "=" -> Set.of(value);
                case ":" -> OR.splitAsStream(value).collect(Collectors.toUnmodifiableSet());
                default -> Set.of();
            };
            return new Term(steps, operator, value, oneOf);
        }

        boolean holds(Object found) {
            return switch (operator) {
                case "=", ":" -> oneOf.contains(Values.text(found));
                case "!=" -> Values.text(found).equals(value);
                default -> ListQuery.holds(found, operator, value);
            };
        }
    }

    private record Order(List<String> steps, boolean descending) {}

    /** @throws ProblemException if it cannot be understood */
    static ListQuery of(RoutingContext context) {
        return parse(Replies.text(context, "filter"), Replies.text(context, "sort"));
    }

    static ListQuery parse(@Nullable String filter, @Nullable String sort) {
        List<Term> terms = new ArrayList<>();
        for (String text : split(filter)) {
            Matcher term = TERM.matcher(text);
            if (!term.matches()) {
                throw invalid("filter", "'" + text + "' is no term: FIELD=VALUE, or with != : ~ < <= > >=");
            }
            terms.add(Term.of(steps(term.group(1)), term.group(2), term.group(3)));
        }
        List<Order> orders = new ArrayList<>();
        for (String text : split(sort)) {
            boolean descending = text.startsWith("-");
            String path = descending ? text.substring(1) : text;
            orders.add(new Order(steps(path), descending));
        }
        if (terms.size() > TERMS_MAX || orders.size() > TERMS_MAX) {
            throw invalid(terms.size() > TERMS_MAX ? "filter" : "sort", "at most " + TERMS_MAX + " at once");
        }
        return new ListQuery(terms, orders);
    }

    /** Keys of labels may have dots. */
    private static List<String> steps(String path) {
        return List.of(path.split("\\.", path.startsWith("labels.") ? 2 : -1));
    }

    private static List<String> split(@Nullable String text) {
        List<String> parts = new ArrayList<>();
        if (text == null || text.isEmpty()) {
            return parts;
        }
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                part.append(text.charAt(++i));
            } else if (c == ',') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static ProblemException invalid(String field, String detail) {
        return new ProblemException(
                Problem.of(ProblemCode.INVALID_VALUE, field + ": " + detail).atField(field));
    }

    /**
     * The first of the items that are wanted, in order.
     *
     * @param items as many as were asked for, if there are
     * @param total how many are wanted
     */
    record Found<T>(List<T> items, int total) {}

    /**
     * The items that are wanted, in order.
     *
     * @param type of the items
     * @throws ProblemException if they have no such field
     */
    <T> List<T> apply(Class<? extends T> type, List<T> items) {
        return apply(type, items, Integer.MAX_VALUE).items();
    }

    /**
     * The same; no more is put in order than who asks will see.
     *
     * @param first how many are needed at most
     */
    <T> Found<T> apply(Class<? extends T> type, List<T> items, int first) {
        requireFields(type);
        if (terms.isEmpty() && orders.isEmpty()) {
            return new Found<>(items, items.size());
        }
        Matches matches = matches(type);
        Leading<T> leading = new Leading<>(first, orders, paths(type));
        for (T item : items) {
            if (matches.hold(item)) {
                leading.add(item);
            }
        }
        return leading.found();
    }

    /**
     * The same for objects of the fabric, whose manager keeps what it comes to.
     *
     * @throws ProblemException if they have no such field
     */
    Selection selection(Class<? extends FabricObject> type) {
        requireFields(type);
        List<FieldPath> paths = paths(type);
        return new Selection(
                new Asked(terms, orders),
                matches(type)::hold,
                orders.isEmpty() ? Optional.empty() : Optional.of((a, b) -> compare(orders, paths, a, b)));
    }

    /** Whether all items are wanted, as they are. */
    boolean isAll() {
        return terms.isEmpty() && orders.isEmpty();
    }

    private void requireFields(Class<?> type) {
        terms.forEach(term -> requireField("filter", type, term.steps().getFirst()));
        orders.forEach(order -> requireField("sort", type, order.steps().getFirst()));
    }

    private Matches matches(Class<?> type) {
        return new Matches(terms.stream()
                .map(term -> new Match(term, new FieldPath(type, term.steps())))
                .toList());
    }

    private List<FieldPath> paths(Class<?> type) {
        return orders.stream().map(order -> new FieldPath(type, order.steps())).toList();
    }

    /** Items without the field come last. */
    private static int compare(List<Order> orders, List<FieldPath> paths, Object a, Object b) {
        for (int i = 0; i < orders.size(); i++) {
            int order =
                    compare(orders.get(i), paths.get(i).first(a), paths.get(i).first(b));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compare(Order order, @Nullable Object one, @Nullable Object other) {
        return one == null || other == null
                ? Boolean.compare(one == null, other == null)
                : order.descending() ? Values.compare(other, one) : Values.compare(one, other);
    }

    /** Whether a field is looked at, in a term or to sort by. */
    boolean names(String field) {
        return terms.stream().anyMatch(term -> term.steps().getFirst().equals(field))
                || orders.stream().anyMatch(order -> order.steps().getFirst().equals(field));
    }

    /** Whether all items are wanted, those that were changed last first. */
    boolean isNewestFirst() {
        return terms.isEmpty()
                && orders.size() == 1
                && orders.getFirst().descending()
                && orders.getFirst().steps().equals(List.of("changedRevision"));
    }

    /** What must be in a field exactly, if there is such a term; then a list of these few is enough to look through. */
    Optional<String> equal(String field) {
        return value("=", field);
    }

    /** What a field must contain, whatever the case, if there is such a term. */
    Optional<String> contained(String field) {
        return value("~", field);
    }

    private Optional<String> value(String operator, String field) {
        return terms.stream()
                .filter(term -> term.operator().equals(operator)
                        && String.join(".", term.steps()).equals(field))
                .map(Term::value)
                .findFirst();
    }

    /** The only objects that may be wanted, if a term names them by their ids. */
    Optional<Set<UUID>> ids() {
        return exactly(path -> path.equals("id"));
    }

    /** Objects of which all items that are wanted refer to one, if there is such a term. */
    Optional<Set<UUID>> references(Kind kind) {
        return exactly(path -> ReferenceFields.has(kind, path));
    }

    private Optional<Set<UUID>> exactly(Predicate<String> field) {
        return terms.stream()
                .filter(term -> !term.oneOf().isEmpty() && field.test(String.join(".", term.steps())))
                .map(term -> term.oneOf().stream()
                        .flatMap(value -> uuid(value).stream())
                        .collect(Collectors.toSet()))
                .findFirst();
    }

    private static Optional<UUID> uuid(String text) {
        try {
            UUID id = UUID.fromString(text);
            // Values are compared as text: a shorter form of the id is none.
            return Optional.of(id).filter(parsed -> parsed.toString().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void requireField(String parameter, Class<?> type, String name) {
        if (!RecordFields.has(type, name)) {
            throw invalid(parameter, "there is no field '" + name + "', but " + RecordFields.names(type));
        }
    }

    private record Match(Term term, FieldPath path) {

        boolean holds(Object item) {
            return path.any(item, term::holds) != term.operator().equals("!=");
        }
    }

    /** All terms. */
    private record Matches(List<Match> all) {

        boolean hold(Object item) {
            for (Match match : all) {
                if (!match.holds(item)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean holds(Object value, String operator, String wanted) {
        return switch (operator) {
            case "~" -> Values.contains(Values.text(value), wanted);
            default -> {
                int order = Values.compare(value, wanted);
                yield switch (operator) {
                    case "<" -> order < 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    default -> order >= 0;
                };
            }
        };
    }

    /** An item with what it is sorted by; what it does not have is null. */
    private record Keyed<T>(T item, int place, List<@Nullable Object> keys) {}

    /** The first items in order, of all that are added. */
    private static final class Leading<T> {

        private final int first;
        private final List<Order> orders;
        private final List<FieldPath> paths;
        private final List<T> inPlace = new ArrayList<>();
        private final PriorityQueue<Keyed<T>> lastFirst = new PriorityQueue<>((a, b) -> compare(b, a));
        private int total;

        Leading(int first, List<Order> orders, List<FieldPath> paths) {
            this.first = first;
            this.orders = orders;
            this.paths = paths;
        }

        void add(T item) {
            int place = total++;
            if (orders.isEmpty()) {
                if (place < first) {
                    inPlace.add(item);
                }
                return;
            }
            @Nullable Object[] keys = new Object[orders.size()];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = paths.get(i).first(item);
            }
            Keyed<T> keyed = new Keyed<>(item, place, Arrays.asList(keys));
            if (lastFirst.size() < first) {
                lastFirst.add(keyed);
            } else if (!lastFirst.isEmpty() && compare(keyed, lastFirst.element()) < 0) {
                lastFirst.remove();
                lastFirst.add(keyed);
            }
        }

        /** Items without the field come last; those that are equal, as they came. */
        private int compare(Keyed<T> a, Keyed<T> b) {
            for (int i = 0; i < orders.size(); i++) {
                int order = ListQuery.compare(
                        orders.get(i), a.keys().get(i), b.keys().get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(a.place(), b.place());
        }

        Found<T> found() {
            if (orders.isEmpty()) {
                return new Found<>(inPlace, total);
            }
            return new Found<>(
                    lastFirst.stream().sorted(this::compare).map(Keyed::item).toList(), total);
        }
    }

    /** Values of fields, compared as what they are. */
    private static final class Values {

        private Values() {}

        static String text(Object value) {
            return String.valueOf(value);
        }

        /** Whatever the case. */
        static boolean contains(String text, String part) {
            return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
        }

        @SuppressWarnings("unchecked") // both are of one class
        static int compare(Object a, Object b) {
            if (isWhole(a) && isWhole(b)) {
                return Long.compare(((Number) a).longValue(), ((Number) b).longValue());
            }
            if (a instanceof Number || b instanceof Number) {
                Optional<BigDecimal> left = number(a);
                Optional<BigDecimal> right = number(b);
                if (left.isPresent() && right.isPresent()) {
                    return left.get().compareTo(right.get());
                }
            }
            if (a instanceof IpAddress left && b instanceof String text) {
                return address(text).map(left::compareTo).orElseGet(() -> text(a).compareTo(text));
            }
            if (a instanceof Comparable<?> && a.getClass() == b.getClass()) {
                return ((Comparable<Object>) a).compareTo(b);
            }
            if (a instanceof IpAddress left && b instanceof IpAddress right) {
                return left.compareTo(right);
            }
            return text(a).compareTo(text(b));
        }

        private static boolean isWhole(Object value) {
            return value instanceof Long || value instanceof Integer;
        }

        private static Optional<BigDecimal> number(Object value) {
            try {
                String text = text(value);
                return text.length() > 40 ? Optional.empty() : Optional.of(new BigDecimal(text));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        private static Optional<IpAddress> address(String text) {
            try {
                return Optional.of(IpAddress.parse(text));
            } catch (ModelException e) {
                return Optional.empty();
            }
        }
    }
}
