package net.nvgate.fabric.sync;

import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.sync.v1.Bandwidth;
import net.nvgate.fabric.sync.v1.LimitMode;

/** Limits of bandwidth to and from protobuf. */
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
}
