package net.nvgate.fabric.identity;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.nvgate.fabric.config.ManagerEndpoint.Address;

/**
 * A node whose certificate is of an outside CA. Such a CA signs for others, too: the manager's certificate must name the
 * host that the node was told to connect to, or be that of a manager by its URI.
 */
public final class NodeOutsideIdentity implements NodeIdentitySource {

    private final OutsideFiles files;
    private final List<String> managerHosts;
    private final Clock clock;

    /** @throws IOException if the files cannot be used */
    public NodeOutsideIdentity(OutsideSettings settings, List<Address> managers, Clock clock, MeterRegistry registry)
            throws IOException {
        this(settings, managers, OutsideFiles.LOOK_DEFAULT, clock, registry);
    }

    /** @param look how often files are looked at */
    NodeOutsideIdentity(
            OutsideSettings settings, List<Address> managers, Duration look, Clock clock, MeterRegistry registry)
            throws IOException {
        this.files = new OutsideFiles(settings, look);
        this.managerHosts = managers.stream().map(Address::host).toList();
        this.clock = clock;
        Gauge.builder("nvgate.identity.certificate.expiry", this, NodeOutsideIdentity::secondsLeft)
                .strongReference(true)
                .baseUnit("seconds")
                .description("Seconds until this node's certificate expires; NaN without one")
                .register(registry);
    }

    private double secondsLeft() {
        return Duration.between(
                                clock.instant(),
                                files.content()
                                        .own()
                                        .certificate()
                                        .getNotAfter()
                                        .toInstant())
                        .toMillis()
                / 1000.0;
    }

    @Override
    public Optional<Credentials> credentials() {
        return Optional.of(files.content().own());
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Optional<Peer.Refused> judgeManager(List<X509Certificate> chain) {
        OutsideFiles.Content now = files.content();
        return PathCheck.objection(chain, now.trusted(), clock.instant(), PathCheck.SERVER)
                .or(() -> now.revokes(chain.getFirst())
                        ? PathCheck.refused(Peer.Reason.REVOKED, "the manager's certificate was revoked")
                        : Optional.empty())
                .or(() -> names(chain.getFirst()));
    }

    /** A URI of nvgate decides if there is one: whose certificate names a gateway or host is no manager, whatever else it names. */
    private Optional<Peer.Refused> names(X509Certificate certificate) {
        Optional<IdentityUri> uri = IdentityUri.of(certificate);
        if (uri.isPresent()) {
            return ManagerCheck.role(certificate, fabric());
        }
        List<String> hosts = Stream.concat(
                        IdentityUri.addresses(certificate).stream(), IdentityUri.dnsNames(certificate).stream())
                .toList();
        return hosts.stream().anyMatch(host -> managerHosts.stream().anyMatch(host::equalsIgnoreCase))
                ? Optional.empty()
                : PathCheck.refused(
                        Peer.Reason.WRONG_ROLE,
                        "the certificate is no manager's by its URI, and names " + hosts + ", not " + managerHosts);
    }

    /** Of this node, if its own certificate says so. */
    private Optional<String> fabric() {
        return IdentityUri.of(files.content().own().certificate()).map(IdentityUri::fabricId);
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return files.onChange(listener);
    }

    @Override
    public void close() {
        files.close();
    }
}
