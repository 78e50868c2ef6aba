package net.nvgate.fabric.sync;

import java.util.Optional;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.Bandwidth;
import net.nvgate.fabric.sync.v1.LimitMode;
import net.nvgate.fabric.sync.v1.NicBandwidth;
import net.nvgate.fabric.sync.v1.PortBandwidth;

/** Limits and shares of bandwidth to and from protobuf. */
final class BandwidthCodec {

    private BandwidthCodec() {}

    static Bandwidth encode(net.nvgate.fabric.model.Bandwidth bandwidth) {
        return Bandwidth.newBuilder()
                .setInboundKbps(bandwidth.inboundKbps())
                .setOutboundKbps(bandwidth.outboundKbps())
                .setInboundPacketsPerSecond(bandwidth.inboundPacketsPerSecond())
                .setOutboundPacketsPerSecond(bandwidth.outboundPacketsPerSecond())
                .setMode(
                        switch (bandwidth.mode()) {
                            case POLICE -> LimitMode.LIMIT_MODE_POLICE;
                            case SHAPE -> LimitMode.LIMIT_MODE_SHAPE;
                        })
                .build();
    }

    /** @throws net.nvgate.fabric.model.ModelException for a rate that does not fit an int, or an unknown mode */
    static net.nvgate.fabric.model.Bandwidth decode(Bandwidth wire) {
        return new net.nvgate.fabric.model.Bandwidth(
                wire.getInboundKbps(),
                wire.getOutboundKbps(),
                wire.getInboundPacketsPerSecond(),
                wire.getOutboundPacketsPerSecond(),
                switch (wire.getMode()) {
                    case LIMIT_MODE_UNSPECIFIED, LIMIT_MODE_POLICE -> net.nvgate.fabric.model.LimitMode.POLICE;
                    case LIMIT_MODE_SHAPE -> net.nvgate.fabric.model.LimitMode.SHAPE;
                    case UNRECOGNIZED ->
                        throw new ModelException(
                                "bandwidth", "mode", wire.getMode(), "must be of a kind this version knows");
                });
    }

    static NicBandwidth encode(PolicyObject.NicBandwidth o) {
        return NicBandwidth.newBuilder()
                .setNicId(FieldWriter.bytes(o.nicId()))
                .setRdid(FieldWriter.bytes(o.rdid()))
                .addAllAddresses(o.addresses().stream().map(FieldWriter::bytes).toList())
                .setBandwidth(encode(o.bandwidth()))
                .build();
    }

    static PolicyObject decode(NicBandwidth wire, FieldReader fields) {
        String kind = "nic-bandwidth";
        return new PolicyObject.NicBandwidth(
                fields.uuid(kind, "nicId", wire.getNicId()),
                fields.uuid(kind, "rdid", wire.getRdid()),
                FieldReader.addresses(kind, wire.getAddressesList(), PolicyDecoder.PORT_ADDRESSES_MAX),
                decode(wire.getBandwidth()));
    }

    static PortBandwidth encode(PortProfile.Bandwidth bandwidth) {
        return PortBandwidth.newBuilder()
                .setMinimumMbps(bandwidth.minimumMbps().orElse(0))
                .setMinimumWeight(
                        bandwidth.minimumWeight().map(weight -> weight + 1).orElse(0))
                .setMaximumMbps(bandwidth.maximumMbps().orElse(0))
                .build();
    }

    /** @throws net.nvgate.fabric.model.ModelException for what no port profile may say */
    static PortProfile.Bandwidth decode(PortBandwidth wire) {
        return new PortProfile.Bandwidth(
                some(wire.getMinimumMbps()),
                some(wire.getMinimumWeight()).map(weight -> weight - 1),
                some(wire.getMaximumMbps()));
    }

    private static Optional<Integer> some(int value) {
        return value == 0 ? Optional.empty() : Optional.of(value);
    }
}
