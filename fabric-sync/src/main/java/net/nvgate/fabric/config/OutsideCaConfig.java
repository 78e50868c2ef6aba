package net.nvgate.fabric.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Key {@code identity.outside-ca}: certificates from somewhere else, as PEM files that are read again when they change.
 */
public record OutsideCaConfig(
        Path certificateFile,
        Path keyFile,
        Path trustedFile,
        Optional<Path> crlFile,
        NamesBy namesBy,
        String gatewayNames,
        String hostNames) {

    /** What the key is for, of manager and nodes. */
    public static final String ABOUT =
            "certificates from [somewhere else](/fabric-sync/docs/identity.md#an-outside-ca), as files that are read again when they change";

    public enum NamesBy {
        URI,
        DNS,
        CN
    }

    public OutsideCaConfig {
        if (namesBy != NamesBy.URI && gatewayNames.isEmpty() && hostNames.isEmpty()) {
            throw new ConfigException(
                    "names-by", "names-by: " + namesBy + " needs gateway-names or host-names, e.g. '*.gw.example.org'");
        }
        pattern("gateway-names", gatewayNames);
        pattern("host-names", hostNames);
    }

    @JsonCreator
    public static OutsideCaConfig of(
            @Key("PEM: own certificate, then those between it and the CA") @Nullable Path certificateFile,
            @Key("PEM, PKCS #8, not encrypted") @Nullable Path keyFile,
            @Key("PEM: CAs whose certificates are good") @Nullable Path trustedFile,
            @Key("PEM: list of certificates that are not good any more, signed by a CA of `trusted-file`") @Nullable
                    Path crlFile,
            @Key("how a certificate names a node; read by managers. `dns` and `cn` need `gateway-names` or `host-"
                            + "names`")
                    @Nullable
                    NamesBy namesBy,
            @Key("pattern with one `*` for the name of a gateway; read by managers") @Nullable String gatewayNames,
            @Key("likewise of a host") @Nullable String hostNames) {
        return new OutsideCaConfig(
                Defaults.required("certificate-file", certificateFile),
                Defaults.required("key-file", keyFile),
                Defaults.required("trusted-file", trustedFile),
                Optional.ofNullable(crlFile),
                Defaults.or(namesBy, NamesBy.URI),
                Defaults.or(gatewayNames, ""),
                Defaults.or(hostNames, ""));
    }

    private static void pattern(String key, String pattern) {
        if (!pattern.isEmpty() && pattern.chars().filter(c -> c == '*').count() != 1) {
            throw new ConfigException(key, key + " must have one * for the node's name, not '" + pattern + "'");
        }
    }
}
