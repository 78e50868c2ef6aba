package net.nvgate.gateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The pictures of {@code docs/performance.md}, as SVG. */
final class Plots {

    private static final List<String> COLOURS = List.of("#0066cc", "#c9190b", "#3e8635", "#6a6e73");

    /** A line of a picture: its name, and pairs of x and y. */
    private record Line(String name, List<double[]> points) {}

    private Plots() {}

    /** Writes throughput.svg and turns.svg. */
    static void write(Report report, Path directory) throws IOException {
        Files.writeString(directory.resolve("throughput.svg"), throughput(report));
        Files.writeString(directory.resolve("turns.svg"), turns(report));
    }

    /** Mpps over sessions, both ways. */
    private static String throughput(Report report) {
        List<Line> lines = new ArrayList<>();
        for (String work : List.of("nat-out", "nat-in")) {
            List<double[]> points = new ArrayList<>();
            for (Result result : report.results()) {
                boolean series = result.tenants() == Math.min(64, result.sessions());
                if (series && result.name().startsWith(work + "/")) {
                    points.add(new double[] {Math.log10(result.sessions()), result.mpps()});
                }
            }
            lines.add(new Line(work, points));
        }
        return picture(
                "Mpps of one worker over sessions",
                List.of("1", "10", "100", "1 k", "10 k", "100 k", "1 M", "10 M"),
                lines,
                "");
    }

    /** Time from poll to poll over the part of turns that took no longer: 0, 90, 99, 99.9 % and so on. */
    private static String turns(Report report) {
        List<Line> lines = new ArrayList<>();
        for (Result result : report.results()) {
            if (result.name().equals("nat-both/64t/64000") || result.name().startsWith("records-1m-changing/")) {
                lines.add(new Line(result.name(), logarithms(result.turns())));
            }
        }
        lines.add(new Line("a loop that does nothing", logarithms(report.machineTurns())));
        List<String> nines = List.of("50 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "longest");
        return picture("Turns of the polling loop: no longer than so many microseconds (10^y)", nines, lines, "10^");
    }

    private static List<double[]> logarithms(List<Result.Percentile> percentiles) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < percentiles.size(); i++) {
            points.add(new double[] {
                i, Math.log10(Math.max(0.01, percentiles.get(i).micros()))
            });
        }
        return points;
    }

    private static String picture(String title, List<String> xLabels, List<Line> lines, String yPrefix) {
        double top = 1;
        double bottom = 0;
        for (Line line : lines) {
            for (double[] point : line.points()) {
                top = Math.max(top, Math.ceil(point[1]));
                bottom = Math.min(bottom, Math.floor(point[1]));
            }
        }
        Area area = new Area(xLabels.size() - 1, bottom, top);
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 360\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.append("<rect width=\"720\" height=\"360\" fill=\"white\"/>\n");
        text(svg, 60, 20, "start", title);
        for (int i = 0; i < xLabels.size(); i++) {
            text(svg, area.x(i), 330, "middle", xLabels.get(i));
        }
        for (double y = bottom; y <= top; y += Math.max(1, Math.ceil((top - bottom) / 10))) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"60\" x2=\"690\" y1=\"%1$.1f\" y2=\"%1$.1f\" stroke=\"#d2d2d2\"/>%n",
                    area.y(y)));
            text(svg, 52, area.y(y) + 4, "end", yPrefix + (int) y);
        }
        for (int i = 0; i < lines.size(); i++) {
            draw(svg, area, lines.get(i), COLOURS.get(i % COLOURS.size()), 46 + 16 * i);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Area area, Line line, String colour, int legendY) {
        StringBuilder points = new StringBuilder();
        for (double[] point : line.points()) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", area.x(point[0]), area.y(point[1])));
        }
        svg.append(String.format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                points.toString().strip(), colour));
        svg.append(String.format("<g fill=\"%s\">", colour));
        text(svg, 684, legendY, "end", line.name());
        svg.append("</g>\n");
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text));
    }

    /** Where values are in the picture. */
    private record Area(double xMax, double yMin, double yMax) {

        double x(double value) {
            return 60 + 620 * value / xMax;
        }

        double y(double value) {
            return 310 - 270 * (value - yMin) / (yMax - yMin);
        }
    }
}
