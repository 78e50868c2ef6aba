package net.nvgate.fabric.netwnv;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts hosts together from files. Whose a record is: the first of
 *
 * <ol>
 *   <li>its property PSComputerName, which remote CIM sessions add (not {@code localhost}),
 *   <li>Name of a host's own document ({@link NetWnvJson}),
 *   <li>the directory of the file, below the one that is read: {@code HV1/routes.csv},
 *   <li>the name of the file without cmdlet and extension: {@code HV1-LookupRecord.json}, {@code HV1.xml}.
 * </ol>
 *
 * Names of computers are the same in upper and lower case.
 */
final class NetWnvHosts {

    private static final Pattern SEPARATORS = Pattern.compile("^[-_. ]+|[-_. ]+$");
    private static final Set<String> HERE = Set.of("localhost", ".");

    private final EnumNumbers numbers;
    private final Map<String, Builder> hosts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    NetWnvHosts(EnumNumbers numbers) {
        this.numbers = numbers;
    }

    private static final class Builder {
        private final Set<NetWnvLookupRecord> lookupRecords = new LinkedHashSet<>();
        private final Set<NetWnvCustomerRoute> customerRoutes = new LinkedHashSet<>();
        private final Set<NetWnvProviderAddress> providerAddresses = new LinkedHashSet<>();
        private final Set<NetWnvProviderRoute> providerRoutes = new LinkedHashSet<>();
        private Optional<NetWnvGlobal> global = Optional.empty();
        private final Set<String> files = new LinkedHashSet<>();

        void add(NetWnvHost more) {
            lookupRecords.addAll(more.lookupRecords());
            customerRoutes.addAll(more.customerRoutes());
            providerAddresses.addAll(more.providerAddresses());
            providerRoutes.addAll(more.providerRoutes());
            global = more.global().or(() -> global);
        }

        void add(Object record) {
            switch (record) {
                case NetWnvLookupRecord each -> lookupRecords.add(each);
                case NetWnvCustomerRoute each -> customerRoutes.add(each);
                case NetWnvProviderAddress each -> providerAddresses.add(each);
                case NetWnvProviderRoute each -> providerRoutes.add(each);
                case NetWnvGlobal each -> global = Optional.of(each);
                default -> throw new IllegalArgumentException(record.toString());
            }
        }

        NetWnvSource source(String name) {
            return new NetWnvSource(
                    new NetWnvHost(
                            name,
                            List.copyOf(lookupRecords),
                            List.copyOf(customerRoutes),
                            List.copyOf(providerAddresses),
                            List.copyOf(providerRoutes),
                            global),
                    List.copyOf(files));
        }
    }

    /**
     * @param path of the file below what is read, with {@code /}
     * @param fallback name of the host if the path says none
     * @throws NetWnvException if a record cannot be read
     */
    void add(NetWnvDocument document, String path, String fallback) {
        String fileName = path.substring(path.lastIndexOf('/') + 1);
        String hostOfFile = hostOfFile(path, fallback);
        Optional<NetWnvClass<?>> hint = NetWnvClass.of(fileName);
        for (NetWnvDocument.Entry entry : document.entries()) {
            if (NetWnvJson.isHost(entry.object())) {
                JsonNode name = entry.object().path(NetWnvJson.NAME);
                String host = computer(entry.object())
                        .or(() -> Optional.of(name.isString() ? name.asString() : ""))
                        .filter(text -> !text.isBlank())
                        .orElse(hostOfFile);
                Builder builder = builder(host, document.file());
                builder.add(NetWnvJson.host(entry.object(), host, document.file() + ", " + entry.place(), numbers));
                continue;
            }
            NetWnvRow row = NetWnvJson.row(entry.object(), document.file(), entry.place(), numbers);
            NetWnvClass<?> type = NetWnvClass.of(row)
                    .or(() -> hint)
                    .orElseThrow(() -> new NetWnvException(
                            document.file(),
                            entry.place(),
                            "is of no class of NetWNV: its properties are "
                                    + NetWnvRow.shortened(
                                            String.join(", ", entry.object().propertyNames()))));
            builder(computer(entry.object()).orElse(hostOfFile), document.file())
                    .add(type.reader().apply(row));
        }
        if (document.entries().isEmpty() && hint.isPresent()) {
            builder(hostOfFile, document.file());
        }
    }

    private Builder builder(String host, String file) {
        Builder builder = hosts.computeIfAbsent(host, _ -> new Builder());
        builder.files.add(file);
        return builder;
    }

    private static Optional<String> computer(ObjectNode object) {
        JsonNode name = object.path("PSComputerName");
        return name.isString()
                        && !name.asString().isBlank()
                        && !HERE.contains(name.asString().toLowerCase(Locale.ROOT))
                ? Optional.of(name.asString())
                : Optional.empty();
    }

    static String hostOfFile(String path, String fallback) {
        int slash = path.lastIndexOf('/');
        if (slash >= 0) {
            return path.substring(path.lastIndexOf('/', slash - 1) + 1, slash);
        }
        String stem = path.replaceAll("\\.[^.]*$", "");
        for (NetWnvClass<?> type : NetWnvClass.ALL) {
            stem = stem.replaceAll("(?i)(get-?)?(netvirtualization)?" + type.shortNoun() + "(s|es)?", "");
        }
        String host = SEPARATORS.matcher(stem).replaceAll("");
        return host.isEmpty() ? fallback : host;
    }

    /** In the order of their names. */
    List<NetWnvSource> sources() {
        List<NetWnvSource> sources = new ArrayList<>();
        hosts.forEach((name, builder) -> sources.add(builder.source(name)));
        return sources;
    }
}
