package net.nvgate.fabric.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CertificatesTest {

    /** Strict clients count the former CA's own limit, too: with 0 they would refuse the next CA below it. */
    @Test
    void aCaMayHaveTheNextOneBelowIt() {
        Instant now = Instant.now();
        Certificates.Signed first = Certificates.newAuthority("ca-1", now, Duration.ofDays(10));
        Certificates.Signed second = Certificates.newAuthority("ca-2", now, Duration.ofDays(10));
        assertThat(first.certificate().getBasicConstraints()).isEqualTo(1);
        assertThat(Certificates.cross(second.certificate(), first, now).getBasicConstraints())
                .isZero();
    }
}
