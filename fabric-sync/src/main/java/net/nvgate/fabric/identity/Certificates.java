package net.nvgate.fabric.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import net.nvgate.fabric.model.NodeRole;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Makes keys, requests and certificates (RFC 5280): EC P-256, ECDSA with SHA-256. All signing is the JDK's. */
final class Certificates {

    /** A certificate is good from so long ago, because clocks differ. */
    static final Duration BACKDATED = Duration.ofHours(1);

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 126;
    private static final int EC_BITS_MIN = 256;
    private static final int RSA_BITS_MIN = 2048;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Certificates() {}

    /** A certificate and its key. */
    record Signed(X509Certificate certificate, PrivateKey key) {}

    /**
     * Who a certificate is for.
     *
     * @param hosts names and addresses besides, under which a server is reached
     */
    record Subject(IdentityUri identity, List<String> hosts) {}

    static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    /** A CA that signs itself. */
    static Signed newAuthority(String name, Instant now, Duration life) {
        KeyPair key = newKey();
        X500Principal subject = new X500Principal("CN=" + name);
        X509Certificate certificate =
                authority(subject, subject, key.getPublic(), key.getPublic(), key.getPrivate(), now, life, 1);
        return new Signed(certificate, key.getPrivate());
    }

    /** The newer CA, signed by the older: who trusts the older one can follow. */
    static X509Certificate cross(X509Certificate newer, Signed older, Instant now) {
        Duration life = Duration.between(now, older.certificate().getNotAfter().toInstant());
        return authority(
                newer.getSubjectX500Principal(),
                older.certificate().getSubjectX500Principal(),
                newer.getPublicKey(),
                older.certificate().getPublicKey(),
                older.key(),
                now,
                life,
                0);
    }

    /** @param below CAs that may be between this one and a certificate: one, the next CA's, while they are exchanged */
    private static X509Certificate authority(
            X500Principal subject,
            X500Principal issuer,
            PublicKey key,
            PublicKey issuerKey,
            PrivateKey signer,
            Instant now,
            Duration life,
            int below) {
        JcaX509v3CertificateBuilder builder = builder(subject, issuer, key, now, now.plus(life));
        return build(builder, signer, key, issuerKey, extensions -> {
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(below));
            extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    /** A node's or manager's certificate. It ends with the CA's at the latest. */
    static X509Certificate issue(Signed authority, PublicKey key, Subject subject, Instant now, Duration life) {
        X509Certificate ca = authority.certificate();
        Instant end = now.plus(life);
        Instant latest = ca.getNotAfter().toInstant();
        X500Principal name = new X500Principal("CN=" + subject.identity().role().label());
        JcaX509v3CertificateBuilder builder =
                builder(name, ca.getSubjectX500Principal(), key, now, end.isAfter(latest) ? latest : end);
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(
                GeneralName.uniformResourceIdentifier, subject.identity().toString()));
        for (String host : subject.hosts()) {
            names.add(new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return build(builder, authority.key(), key, ca.getPublicKey(), extensions -> {
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            extensions.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(purpose(subject.identity().role())));
            extensions.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(new GeneralName[0])));
        });
    }

    /** Managers answer, nodes ask: the key of neither is good for the other's part, whoever checks it (RFC 5280 section 4.2.1.12). */
    private static KeyPurposeId purpose(NodeRole role) {
        return switch (role) {
            case MANAGER -> KeyPurposeId.id_kp_serverAuth;
            case GATEWAY, HOST -> KeyPurposeId.id_kp_clientAuth;
        };
    }

    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal subject, X500Principal issuer, PublicKey key, Instant now, Instant end) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                Date.from(now.minus(BACKDATED)),
                Date.from(end),
                subject,
                key);
    }

    /** Adds what a certificate is good for. */
    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder) throws CertIOException;
    }

    private static X509Certificate build(
            JcaX509v3CertificateBuilder builder,
            PrivateKey signer,
            PublicKey key,
            PublicKey issuerKey,
            Extensions extensions) {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuerKey));
            extensions.addTo(builder);
            X509CertificateHolder holder = builder.build(new JcaContentSignerBuilder(SIGNATURE).build(signer));
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("a certificate cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * PKCS #10 (RFC 2986), PEM.
     *
     * @param node whose certificate it is to be, e.g. {@code gateway/gw1}; the manager decides
     */
    static String newRequest(KeyPair key, String node) {
        X500Name subject =
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, node).build();
        try {
            byte[] der = new JcaPKCS10CertificationRequestBuilder(subject, key.getPublic())
                    .build(new JcaContentSignerBuilder(SIGNATURE).build(key.getPrivate()))
                    .getEncoded();
            return Pem.write(Pem.REQUEST, der);
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a request cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * A request that was read.
     *
     * @param key in the asker's hands
     * @param claims the node it says it is for, if it says so: its common name in the form {@code gateway/gw1}
     */
    record Request(PublicKey key, Optional<String> claims) {}

    /** @throws JoinException BAD_REQUEST */
    static Request request(String pem) throws JoinException {
        try {
            List<byte[]> blocks = Pem.read(pem, Pem.REQUEST);
            if (blocks.size() != 1) {
                throw bad("expected one CERTIFICATE REQUEST in PEM form");
            }
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(blocks.getFirst());
            PublicKey key = request.getPublicKey();
            if (!isStrong(key)) {
                throw bad("the key must be EC of 256 bits or RSA of 2048 bits at least");
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw bad("the request is not signed by its key");
            }
            return new Request(key, claim(request.getSubject()));
        } catch (IOException
                | GeneralSecurityException
                | PKCSException
                | OperatorCreationException
                | RuntimeException e) {
            throw bad("not a certificate request: " + e.getMessage());
        }
    }

    private static Optional<String> claim(X500Name subject) {
        RDN[] names = subject.getRDNs(BCStyle.CN);
        if (names.length != 1) {
            return Optional.empty();
        }
        if (!(names[0].getFirst().getValue() instanceof ASN1String text)) {
            return Optional.empty();
        }
        String name = text.getString();
        return Stream.of(NodeRole.values()).anyMatch(role -> name.startsWith(role.label() + "/"))
                ? Optional.of(name)
                : Optional.empty();
    }

    private static boolean isStrong(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= EC_BITS_MIN;
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS_MIN;
            default -> false;
        };
    }

    private static JoinException bad(String why) {
        return new JoinException(JoinException.Code.BAD_REQUEST, why);
    }
}
