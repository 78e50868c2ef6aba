package net.nvgate.fabric.sync;

import io.netty.handler.codec.DecoderException;

/** The peer sent what the protocol does not allow. The connection is closed, nothing of the frame is used. */
final class ProtocolException extends DecoderException {

    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super(message);
    }

    ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
