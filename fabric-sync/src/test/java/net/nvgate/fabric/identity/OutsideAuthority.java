package net.nvgate.fabric.identity;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A company's CA: signs whatever names and purposes it is told to. */
final class OutsideAuthority {

    final Certificates.Signed signed;
    private final AtomicLong serials = new AtomicLong(1);

    OutsideAuthority(Certificates.Signed signed) {
        this.signed = signed;
    }

    static OutsideAuthority create() {
        return new OutsideAuthority(Certificates.newAuthority("Example CA", Instant.now(), Duration.ofDays(100)));
    }

    /** One that this one has signed. */
    OutsideAuthority between() {
        Certificates.Signed own = Certificates.newAuthority("Example issuing CA", Instant.now(), Duration.ofDays(50));
        return new OutsideAuthority(
                new Certificates.Signed(Certificates.cross(own.certificate(), signed, Instant.now()), own.key()));
    }

    static GeneralName host(String name) {
        return new GeneralName(Certificates.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    static GeneralName uri(String text) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, text);
    }

    /** @param purposes none = the certificate says nothing of what it is for */
    @SuppressWarnings("JavaUtilDate") // what Bouncy Castle takes
    X509Certificate issue(PublicKey key, List<GeneralName> names, KeyPurposeId... purposes) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(signed.certificate().getSubjectX500Principal().getName()),
                    BigInteger.valueOf(serials.getAndIncrement()),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(Duration.ofDays(10))),
                    new X500Name("CN=somebody"),
                    key);
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            if (purposes.length > 0) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signed.key())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
