package net.nvgate.fabric.sync;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.sync.v1.Prefix;

/** Values of the model to fields of protobuf messages; {@link FieldReader} reads them back. */
final class FieldWriter {

    private FieldWriter() {}

    static ByteString bytes(IpAddress address) {
        return UnsafeByteOperations.unsafeWrap(address.toBytes());
    }

    static ByteString bytes(UUID id) {
        return UnsafeByteOperations.unsafeWrap(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    static Prefix prefix(IpPrefix prefix) {
        return Prefix.newBuilder()
                .setAddress(bytes(prefix.address()))
                .setLength(prefix.length())
                .build();
    }

    static List<Prefix> prefixes(List<IpPrefix> prefixes) {
        return prefixes.stream().map(FieldWriter::prefix).toList();
    }
}
