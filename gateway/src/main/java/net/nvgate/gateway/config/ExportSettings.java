package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of sessions, port blocks, flows and events: key {@code export}; docs/export.md explains it.
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
            @Key("IPFIX: which gateway, for a collector of many") @Nullable Integer observationDomain,
            @Key("names of syslog's structured data are `nat@NUMBER`; the default is the number for documentation"
                            + " (RFC 5612)")
                    @Nullable
                    Integer enterpriseNumber,
            @Key("how often a flow is reported that goes on") @Nullable Integer activeTimeoutSeconds,
            @Key(value = "at most 16", or = "`[]`") @Nullable List<CollectorSettings> collectors) {
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
