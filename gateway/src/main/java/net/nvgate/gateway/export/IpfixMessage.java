package net.nvgate.gateway.export;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * An IPFIX message in the making (RFC 7011 section 3).
 *
 * <pre>
 *  0 version 10 (16) | length (16) | export time, s (32) | sequence number (32) | observation domain (32)
 * 16 sets: set id (16) | length (16) | records
 * </pre>
 *
 * Time and sequence number are filled in when it is sent.
 */
final class IpfixMessage {

    static final int HEADER = 16;
    static final int SET_HEADER = 4;
    static final int TEMPLATE_SET = 2;
    static final int OPTIONS_TEMPLATE_SET = 3;

    private static final int VERSION = 10;
    private static final int LENGTH_AT = 2;
    private static final int TIME_AT = 4;
    private static final int SEQUENCE_AT = 8;

    private final ByteBuf bytes;
    private final int bytesMax;
    private int setAt;
    private int setId;
    private int records;
    private int sequenced;

    IpfixMessage(int bytesMax, int observationDomain) {
        this.bytesMax = bytesMax;
        bytes = ByteBufAllocator.DEFAULT.buffer(bytesMax, bytesMax);
        bytes.writeShort(VERSION).writeShort(0).writeInt(0).writeInt(0).writeInt(observationDomain);
    }

    /** Whether a record of so many bytes has room, in a set of its own if need be. */
    boolean hasRoom(int set, int recordBytes) {
        return bytes.writerIndex() + (set == setId ? 0 : SET_HEADER) + recordBytes <= bytesMax;
    }

    /** Where the next record of a set is to be written. */
    ByteBuf in(int set) {
        if (set != setId) {
            endSet();
            setId = set;
            setAt = bytes.writerIndex();
            bytes.writeShort(set).writeShort(0);
        }
        return bytes;
    }

    /** A data record has been written: of an observation, or of options. */
    void counted(boolean observation) {
        sequenced++;
        if (observation) {
            records++;
        }
    }

    int records() {
        return records;
    }

    private void endSet() {
        if (setId != 0) {
            bytes.setShort(setAt + LENGTH_AT, bytes.writerIndex() - setAt);
        }
    }

    Message finish() {
        endSet();
        bytes.setShort(LENGTH_AT, bytes.writerIndex());
        return new Message(bytes, records, sequenced);
    }

    static void stamp(ByteBuf message, long nowMs, int sequence) {
        message.setInt(message.readerIndex() + TIME_AT, (int) (nowMs / 1000));
        message.setInt(message.readerIndex() + SEQUENCE_AT, sequence);
    }

    void release() {
        bytes.release();
    }
}
