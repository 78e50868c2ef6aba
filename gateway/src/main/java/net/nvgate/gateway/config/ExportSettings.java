package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of sessions, port blocks, flows and events: key {@code export}; docs/export.md explains it.
 *
 * @param observationDomain of IPFIX: which gateway, for a collector of many, unsigned 32 bits
 * @param enterpriseNumber of the names of structured data in syslog (RFC 5424 section 7.2.2)
 * @param activeTimeoutSeconds how often flows are reported that go on
 */
public record ExportSettings(
        int observationDomain, int enterpriseNumber, int activeTimeoutSeconds, List<CollectorSettings> collectors) {

    public static final ExportSettings NONE = of(null, null, null, null);

    /** The number for documentation (RFC 5612): nvgate has none. */
    private static final int ENTERPRISE_DEFAULT = 32473;

    private static final int COLLECTORS_MAX = 16;

    public ExportSettings {
        collectors = List.copyOf(collectors);
    }

    @JsonCreator
    public static ExportSettings of(
            @Nullable Integer observationDomain,
            @Nullable Integer enterpriseNumber,
            @Nullable Integer activeTimeoutSeconds,
            @Nullable List<CollectorSettings> collectors) {
        List<CollectorSettings> all = Defaults.or(collectors, List.of());
        Defaults.range("export.collectors", all.size(), 0, COLLECTORS_MAX);
        if (all.stream().map(CollectorSettings::name).distinct().count() != all.size()) {
            throw new ConfigException("export.collectors", "export.collectors: two collectors have the same name");
        }
        return new ExportSettings(
                Defaults.range("export.observation-domain", Defaults.or(observationDomain, 1), 1, Integer.MAX_VALUE),
                Defaults.range(
                        "export.enterprise-number",
                        Defaults.or(enterpriseNumber, ENTERPRISE_DEFAULT),
                        1,
                        Integer.MAX_VALUE),
                Defaults.range("export.active-timeout-seconds", Defaults.or(activeTimeoutSeconds, 300), 1, 86_400),
                all);
    }

    /** Whether any collector is sent one of these. */
    public boolean sends(CollectorSettings.What what) {
        return collectors.stream().anyMatch(collector -> collector.what().contains(what));
    }
}
