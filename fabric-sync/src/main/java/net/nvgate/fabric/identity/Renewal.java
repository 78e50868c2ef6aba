package net.nvgate.fabric.identity;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** When a certificate is renewed: after two thirds of its life. */
final class Renewal {

    private Renewal() {}

    static Instant due(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant().plus(Certificates.BACKDATED);
        Instant to = certificate.getNotAfter().toInstant();
        return from.plus(Duration.between(from, to).multipliedBy(2).dividedBy(3));
    }

    static boolean isDue(X509Certificate certificate, Instant now) {
        return !now.isBefore(due(certificate));
    }

    /** Also a certificate that is of the future is no good: it was made while a clock was wrong. */
    static boolean isNeeded(X509Certificate certificate, Instant now) {
        return isDue(certificate, now)
                || now.isBefore(certificate.getNotBefore().toInstant());
    }
}
