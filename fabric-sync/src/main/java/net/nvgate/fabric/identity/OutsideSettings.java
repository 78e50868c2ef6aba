package net.nvgate.fabric.identity;

import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.fabric.config.OutsideCaConfig;

/**
 * Certificates of a CA that is not the manager's: files that somebody else keeps, PEM, read again when they change.
 *
 * @param certificateFile own certificate, then those between it and the CA
 * @param keyFile PKCS #8, not encrypted
 * @param trustedFile CAs whose certificates are good
 * @param crlFile certificates that are not good any more, RFC 5280 section 5
 * @param names how a certificate names a node
 */
public record OutsideSettings(
        Path certificateFile, Path keyFile, Path trustedFile, Optional<Path> crlFile, NodeNames names) {

    public static OutsideSettings of(OutsideCaConfig config) {
        return new OutsideSettings(
                config.certificateFile(),
                config.keyFile(),
                config.trustedFile(),
                config.crlFile(),
                new NodeNames(
                        switch (config.namesBy()) {
                            case URI -> NodeNames.By.URI;
                            case DNS -> NodeNames.By.DNS;
                            case CN -> NodeNames.By.CN;
                        },
                        config.gatewayNames(),
                        config.hostNames()));
    }
}
