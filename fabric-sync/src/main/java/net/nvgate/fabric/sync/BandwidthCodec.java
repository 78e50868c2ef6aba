package net.nvgate.fabric.sync;

import net.nvgate.fabric.sync.v1.Bandwidth;

/** Limits of bandwidth to and from protobuf. */
final class BandwidthCodec {

    private BandwidthCodec() {}

    static Bandwidth encode(net.nvgate.fabric.model.Bandwidth bandwidth) {
        return Bandwidth.newBuilder()
                .setInboundKbps(bandwidth.inboundKbps())
                .setOutboundKbps(bandwidth.outboundKbps())
                .build();
    }

    /** @throws net.nvgate.fabric.model.ModelException for a rate that does not fit an int */
    static net.nvgate.fabric.model.Bandwidth decode(Bandwidth wire) {
        return new net.nvgate.fabric.model.Bandwidth(wire.getInboundKbps(), wire.getOutboundKbps());
    }
}
