package net.nvgate.fabric.sync;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.Alg;
import net.nvgate.fabric.sync.v1.Algs;
import net.nvgate.fabric.sync.v1.Filtering;
import net.nvgate.fabric.sync.v1.NatConnection;
import net.nvgate.fabric.sync.v1.NatExemption;
import net.nvgate.fabric.sync.v1.NatOneToOne;
import net.nvgate.fabric.sync.v1.NatRule;
import net.nvgate.fabric.sync.v1.NatTimeouts;

/** NAT policy to and from protobuf. What an older manager does not send has its default. */
final class NatCodec {

    private NatCodec() {}

    static NatConnection encode(PolicyObject.NatConnection o) {
        return NatConnection.newBuilder()
                .setId(FieldWriter.bytes(o.id()))
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setExternalAddress(FieldWriter.bytes(o.externalAddress()))
                .setPortMin(o.portMin())
                .setPortMax(o.portMax())
                .addAllSourcePrefixes(FieldWriter.prefixes(o.sourcePrefixes()))
                .setSettings(encode(o.settings()))
                .setBandwidth(BandwidthCodec.encode(o.bandwidth()))
                .build();
    }

    private static net.nvgate.fabric.sync.v1.NatSettings encode(NatSettings settings) {
        Algs.Builder algs = Algs.newBuilder();
        settings.algs()
                .forEach(alg -> algs.addOn(
                        switch (alg) {
                            case FTP -> Alg.ALG_FTP;
                            case TFTP -> Alg.ALG_TFTP;
                        }));
        var timeouts = settings.timeouts();
        return net.nvgate.fabric.sync.v1.NatSettings.newBuilder()
                .setFiltering(
                        switch (settings.filtering()) {
                            case ENDPOINT_INDEPENDENT -> Filtering.FILTERING_ENDPOINT_INDEPENDENT;
                            case ADDRESS_DEPENDENT -> Filtering.FILTERING_ADDRESS_DEPENDENT;
                            case ADDRESS_AND_PORT_DEPENDENT -> Filtering.FILTERING_ADDRESS_AND_PORT_DEPENDENT;
                        })
                .setTimeouts(NatTimeouts.newBuilder()
                        .setUdp(timeouts.udpSeconds())
                        .setTcpEstablished(timeouts.tcpEstablishedSeconds())
                        .setTcpTransitory(timeouts.tcpTransitorySeconds())
                        .setIcmp(timeouts.icmpSeconds())
                        .setOther(timeouts.otherSeconds()))
                .setPortBlockSize(settings.portBlockSize())
                .addAllDeterministicPrefixes(FieldWriter.prefixes(settings.deterministicPrefixes()))
                .setAlgs(algs)
                .build();
    }

    static NatRule encode(PolicyObject.NatRule o) {
        return NatRule.newBuilder()
                .setId(FieldWriter.bytes(o.id()))
                .setConnectionId(FieldWriter.bytes(o.connectionId()))
                .setProtocol(o.protocol().number())
                .setExternalPort(o.externalPort())
                .setInternalAddress(FieldWriter.bytes(o.internalAddress()))
                .setInternalPort(o.internalPort())
                .setPortCount(o.portCount())
                .addAllRemotePrefixes(FieldWriter.prefixes(o.remotePrefixes()))
                .build();
    }

    static NatOneToOne encode(PolicyObject.NatOneToOne o) {
        return NatOneToOne.newBuilder()
                .setId(FieldWriter.bytes(o.id()))
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setExternalAddress(FieldWriter.bytes(o.externalAddress()))
                .setInternalAddress(FieldWriter.bytes(o.internalAddress()))
                .build();
    }

    static NatExemption encode(PolicyObject.NatExemption o) {
        return NatExemption.newBuilder()
                .setId(FieldWriter.bytes(o.id()))
                .setRdid(FieldWriter.bytes(o.rdid()))
                .setSourcePrefix(FieldWriter.prefix(o.sourcePrefix()))
                .setDestinationPrefix(FieldWriter.prefix(o.destinationPrefix()))
                .build();
    }

    static PolicyObject decode(NatConnection w, FieldReader fields) {
        String kind = "nat-connection";
        int portMin = FieldReader.port(kind, "portMin", w.getPortMin());
        return new PolicyObject.NatConnection(
                fields.uuid(kind, "id", w.getId()),
                fields.uuid(kind, "rdid", w.getRdid()),
                FieldReader.address(kind, "externalAddress", w.getExternalAddress()),
                portMin,
                FieldReader.inRange(kind, "portMax", w.getPortMax(), portMin, 65535),
                FieldReader.prefixes(kind, "sourcePrefixes", w.getSourcePrefixesList()),
                w.hasSettings() ? decode(w.getSettings()) : NatSettings.DEFAULT,
                BandwidthCodec.decode(w.getBandwidth()));
    }

    private static NatSettings decode(net.nvgate.fabric.sync.v1.NatSettings w) {
        String kind = "nat-settings";
        List<IpPrefix> deterministic =
                FieldReader.prefixes(kind, "deterministicPrefixes", w.getDeterministicPrefixesList());
        return new NatSettings(
                filtering(w.getFiltering()),
                decode(w.getTimeouts()),
                w.getPortBlockSize(),
                deterministic,
                w.hasAlgs() ? algs(w.getAlgs()) : NatSettings.DEFAULT.algs());
    }

    private static net.nvgate.fabric.model.Filtering filtering(Filtering filtering) {
        return switch (filtering) {
            case FILTERING_ENDPOINT_INDEPENDENT -> net.nvgate.fabric.model.Filtering.ENDPOINT_INDEPENDENT;
            case FILTERING_ADDRESS_DEPENDENT -> net.nvgate.fabric.model.Filtering.ADDRESS_DEPENDENT;
            case FILTERING_ADDRESS_AND_PORT_DEPENDENT -> net.nvgate.fabric.model.Filtering.ADDRESS_AND_PORT_DEPENDENT;
            case FILTERING_UNSPECIFIED -> NatSettings.DEFAULT.filtering();
            case UNRECOGNIZED ->
                throw new ModelException(
                        "nat-settings", "filtering", filtering, "must be of a kind this version knows");
        };
    }

    private static net.nvgate.fabric.model.NatTimeouts decode(NatTimeouts w) {
        var defaults = net.nvgate.fabric.model.NatTimeouts.DEFAULT;
        return new net.nvgate.fabric.model.NatTimeouts(
                given(w.getUdp(), defaults.udpSeconds()),
                given(w.getTcpEstablished(), defaults.tcpEstablishedSeconds()),
                given(w.getTcpTransitory(), defaults.tcpTransitorySeconds()),
                given(w.getIcmp(), defaults.icmpSeconds()),
                given(w.getOther(), defaults.otherSeconds()));
    }

    private static Set<net.nvgate.fabric.model.Alg> algs(Algs w) {
        Set<net.nvgate.fabric.model.Alg> algs = EnumSet.noneOf(net.nvgate.fabric.model.Alg.class);
        for (Alg alg : w.getOnList()) {
            algs.add(
                    switch (alg) {
                        case ALG_FTP -> net.nvgate.fabric.model.Alg.FTP;
                        case ALG_TFTP -> net.nvgate.fabric.model.Alg.TFTP;
                        case ALG_UNSPECIFIED, UNRECOGNIZED ->
                            throw new ModelException(
                                    "nat-settings", "algs", alg, "must be of a kind this version knows");
                    });
        }
        return algs;
    }

    static PolicyObject decode(NatRule w, FieldReader fields) {
        String kind = "nat-rule";
        int externalPort = FieldReader.port(kind, "externalPort", w.getExternalPort());
        int internalPort = FieldReader.port(kind, "internalPort", w.getInternalPort());
        int countMax = 65536 - Math.max(externalPort, internalPort);
        return new PolicyObject.NatRule(
                fields.uuid(kind, "id", w.getId()),
                fields.uuid(kind, "connectionId", w.getConnectionId()),
                protocol(w.getProtocol()),
                externalPort,
                FieldReader.address(kind, "internalAddress", w.getInternalAddress()),
                internalPort,
                FieldReader.inRange(kind, "portCount", given(w.getPortCount(), 1), 1, countMax),
                FieldReader.prefixes(kind, "remotePrefixes", w.getRemotePrefixesList()));
    }

    private static PolicyObject.NatRule.Protocol protocol(int number) {
        for (var protocol : PolicyObject.NatRule.Protocol.values()) {
            if (protocol.number() == number) {
                return protocol;
            }
        }
        throw new ModelException("nat-rule", "protocol", number, "must be 6 (TCP) or 17 (UDP)");
    }

    static PolicyObject decode(NatOneToOne w, FieldReader fields) {
        String kind = "nat-one-to-one";
        return new PolicyObject.NatOneToOne(
                fields.uuid(kind, "id", w.getId()),
                fields.uuid(kind, "rdid", w.getRdid()),
                FieldReader.address(kind, "externalAddress", w.getExternalAddress()),
                FieldReader.address(kind, "internalAddress", w.getInternalAddress()));
    }

    static PolicyObject decode(NatExemption w, FieldReader fields) {
        String kind = "nat-exemption";
        return new PolicyObject.NatExemption(
                fields.uuid(kind, "id", w.getId()),
                fields.uuid(kind, "rdid", w.getRdid()),
                FieldReader.prefix(kind, "sourcePrefix", w.getSourcePrefix()),
                FieldReader.prefix(kind, "destinationPrefix", w.getDestinationPrefix()));
    }

    private static int given(int value, int otherwise) {
        return value == 0 ? otherwise : value;
    }
}
