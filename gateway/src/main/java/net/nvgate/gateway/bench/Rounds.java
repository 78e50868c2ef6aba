package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the processes of a scenario have found in the rounds of {@link ByTurns}.
 *
 * @param nanos ns per packet, of each process those of each round
 */
record Rounds(String scenario, Work work, List<List<Double>> nanos) {

    /** A figure and what it is between. */
    private record Figure(double low, double middle, double high) {

        static Figure quartiles(List<Double> values) {
            return new Figure(quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75));
        }

        /** The median of several medians, the lowest and the highest one. */
        static Figure of(List<Figure> figures) {
            List<Double> middles = figures.stream().map(Figure::middle).toList();
            return new Figure(quantile(middles, 0), quantile(middles, 0.5), quantile(middles, 1));
        }
    }

    /**
     * For people: of each process the medians and quartiles of its rounds; if there are several, then the medians of these medians, with the
     * lowest and the highest one.
     *
     * @param first the scenario that this one is compared with
     */
    List<String> lines(Rounds first) {
        List<Double> base = first.medians();
        List<String> lines = new ArrayList<>();
        List<Figure> ofNanos = new ArrayList<>();
        List<Figure> ofPercent = new ArrayList<>();
        for (List<Double> process : nanos) {
            ofNanos.add(Figure.quartiles(process));
            ofPercent.add(Figure.quartiles(percentMore(process, base)));
            String name = nanos.size() == 1 ? scenario : scenario + " process " + ofNanos.size();
            lines.add(line(name, "", ofNanos.getLast(), ofPercent.getLast(), first.scenario));
        }
        if (nanos.size() > 1) {
            String of = ", medians of " + nanos.size() + " processes";
            lines.add(line(scenario, of, Figure.of(ofNanos), Figure.of(ofPercent), first.scenario));
        }
        return lines;
    }

    /** Of each round the median of its processes. */
    private List<Double> medians() {
        return IntStream.range(0, nanos.getFirst().size())
                .mapToObj(round -> quantile(
                        nanos.stream().map(process -> process.get(round)).toList(), 0.5))
                .toList();
    }

    private static List<Double> percentMore(List<Double> process, List<Double> base) {
        return IntStream.range(0, base.size())
                .mapToObj(round -> 100 * (process.get(round) / base.get(round) - 1))
                .toList();
    }

    private static String line(String name, String of, Figure nanos, Figure percent, String first) {
        return String.format(
                Locale.ROOT,
                "%-44s %6.1f ns/packet (%.1f..%.1f%s); %+.1f %% (%+.1f..%+.1f) to %s",
                name,
                nanos.middle,
                nanos.low,
                nanos.high,
                of,
                percent.middle,
                percent.low,
                percent.high,
                first);
    }

    /** Between two values in proportion. */
    private static double quantile(List<Double> values, double part) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        double place = part * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
