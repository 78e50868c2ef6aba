package net.nvgate.fabric.sync;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import net.nvgate.fabric.sync.v1.CacheRecord;

/**
 * Records of the cache file.
 *
 * <pre>
 *   0        4        8
 *   | length | CRC32C | CacheRecord, length bytes |
 * </pre>
 *
 * Both numbers are big-endian. The CRC covers the length and the record, so that a tail of zeros, as a power cut can
 * leave, is not a valid record.
 */
final class CacheRecords {

    static final int HEAD_BYTES = 8;

    /** Largest record: the largest frame the client accepts, and some. */
    static final int RECORD_MAX = (1 << 28) + 1024;

    private CacheRecords() {}

    static byte[] encode(CacheRecord record) {
        byte[] body = record.toByteArray();
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + body.length);
        bytes.putInt(body.length).putInt(crc(body.length, body)).put(body);
        return bytes.array();
    }

    private static int crc(int length, byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(0, length));
        crc.update(body);
        return (int) crc.getValue();
    }

    /** Reads records one after the other from a region of the file. */
    static final class Reader {

        private static final int BUFFER_BYTES = 1 << 20;

        private final FileChannel file;
        private final long end;
        private long position;
        private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

        Reader(FileChannel file, long start, long end) {
            this.file = file;
            this.position = start;
            this.end = end;
        }

        /** Offset of the next record: everything before it was read and is valid. */
        long position() {
            return position;
        }

        boolean hasMore() {
            return position < end;
        }

        /**
         * @throws CorruptException if there is no valid record here; {@link #position} stays before it
         * @throws IOException if the file cannot be read
         */
        CacheRecord next() throws IOException, CorruptException {
            byte[] body = body();
            try {
                CacheRecord record = CacheRecord.parseFrom(body);
                position += HEAD_BYTES + body.length;
                return record;
            } catch (InvalidProtocolBufferException e) {
                throw new CorruptException("record at offset " + position + " is not valid: " + e.getMessage());
            }
        }

        private byte[] body() throws IOException, CorruptException {
            long left = end - position;
            if (left < HEAD_BYTES) {
                throw new CorruptException("file ends inside the head of the record at offset " + position);
            }
            fill(HEAD_BYTES);
            int length = buffer.getInt();
            int crc = buffer.getInt();
            if (length <= 0 || length > RECORD_MAX) {
                throw new CorruptException("record at offset " + position + " says it has " + length + " bytes");
            }
            if (left < HEAD_BYTES + (long) length) {
                throw new CorruptException("file ends inside the record at offset " + position);
            }
            fill(length);
            byte[] body = new byte[length];
            buffer.get(body);
            if (crc(length, body) != crc) {
                throw new CorruptException("CRC of the record at offset " + position + " is wrong");
            }
            return body;
        }

        private void fill(int wanted) throws IOException {
            if (buffer.remaining() >= wanted) {
                return;
            }
            if (buffer.capacity() >= wanted) {
                buffer.compact();
            } else {
                buffer = ByteBuffer.allocate(wanted).put(buffer);
            }
            while (buffer.position() < wanted) {
                if (file.read(buffer) < 0) {
                    throw new EOFException("cache file shrank while it was read");
                }
            }
            buffer.flip();
        }
    }

    /** Bytes that are no record. */
    static final class CorruptException extends Exception {

        private static final long serialVersionUID = 1L;

        CorruptException(String message) {
            super(message);
        }
    }
}
