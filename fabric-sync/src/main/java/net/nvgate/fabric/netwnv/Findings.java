package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Collects findings. The same one is kept once. */
final class Findings {

    private static final int FILES_MAX = 20;

    private final Set<FindingCode> tolerated;
    private final Map<String, List<String>> files = new TreeMap<>();
    private final Set<Finding> found = new LinkedHashSet<>();

    Findings(List<NetWnvSource> sources, Set<FindingCode> tolerated) {
        this.tolerated = Set.copyOf(tolerated);
        sources.forEach(source -> files.put(source.host().name(), source.files()));
    }

    void add(FindingCode code, Object subject, Collection<String> hosts, String message) {
        List<String> sorted = hosts.stream().sorted().distinct().toList();
        FindingCode.Severity severity = code.severity() == FindingCode.Severity.ERROR && tolerated.contains(code)
                ? FindingCode.Severity.WARNING
                : code.severity();
        List<String> where = sorted.stream()
                .flatMap(host -> files.getOrDefault(host, List.of()).stream())
                .distinct()
                .limit(FILES_MAX)
                .toList();
        found.add(new Finding(code, severity, subject.toString(), sorted, where, message));
    }

    /** Errors first. */
    List<Finding> all() {
        List<Finding> all = new ArrayList<>(found);
        all.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::code));
        return all;
    }
}
