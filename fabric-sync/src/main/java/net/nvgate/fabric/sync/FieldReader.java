package net.nvgate.fabric.sync;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.sync.v1.Prefix;

/**
 * Fields of protobuf messages to values of the model, each checked. Shares the RDIDs, VSIDs and PAs that a million records
 * have in common, so that a big policy takes less memory and time. Used by one thread.
 */
final class FieldReader {

    /** Longest name accepted, in UTF-16 code units: a fabric name has at most 64. */
    static final int NAME_MAX = 256;

    /** Entries of one list at most. */
    static final int LIST_MAX = 1024;

    private static final int SHARED_MAX = 1 << 16;

    private final Map<ByteString, UUID> uuids = new HashMap<>();
    private final Map<ByteString, IpAddress> providerAddresses = new HashMap<>();
    private final Map<Integer, Vsid> vsids = new HashMap<>();

    IpAddress providerAddress(String kind, ByteString bytes) {
        return shared(providerAddresses, bytes, b -> address(kind, "providerAddress", b));
    }

    static List<IpPrefix> prefixes(String kind, String field, List<Prefix> wire) {
        return prefixes(kind, field, wire, LIST_MAX);
    }

    static List<IpPrefix> prefixes(String kind, String field, List<Prefix> wire, int max) {
        inRange(kind, field, wire.size(), 0, max);
        return wire.stream().map(prefix -> prefix(kind, field, prefix)).toList();
    }

    static int port(String kind, String field, int value) {
        return inRange(kind, field, value, 1, 65535);
    }

    static int metric(String kind, int value) {
        return inRange(kind, "metric", value, 0, Integer.MAX_VALUE);
    }

    UUID uuid(String kind, String field, ByteString bytes) {
        return shared(uuids, bytes, b -> {
            if (b.size() != 16) {
                throw new ModelException(kind, field, b.size() + " bytes", "must be 16 bytes long");
            }
            ByteBuffer buffer = b.asReadOnlyByteBuffer();
            return new UUID(buffer.getLong(), buffer.getLong());
        });
    }

    Vsid vsid(int value) {
        return shared(vsids, value, Vsid::new);
    }

    private static <K, V> V shared(Map<K, V> known, K key, Function<K, V> make) {
        V value = known.get(key);
        if (value == null) {
            value = make.apply(key);
            if (known.size() >= SHARED_MAX) {
                known.clear();
            }
            known.put(key, value);
        }
        return value;
    }

    static IpAddress address(String kind, String field, ByteString bytes) {
        if (bytes.size() != 4 && bytes.size() != 16) {
            throw new ModelException(kind, field, bytes.size() + " bytes", "must be 4 or 16 bytes long");
        }
        return IpAddress.ofBytes(bytes.toByteArray());
    }

    static List<IpAddress> addresses(String kind, List<ByteString> wire, int max) {
        inRange(kind, "addresses", wire.size(), 0, max);
        return wire.stream().map(bytes -> address(kind, "addresses", bytes)).toList();
    }

    static IpPrefix prefix(String kind, String field, Prefix wire) {
        return new IpPrefix(address(kind, field, wire.getAddress()), wire.getLength());
    }

    static MacAddress mac(String kind, long value) {
        if (value >>> 48 != 0) {
            throw new ModelException(kind, "mac", Long.toHexString(value), "must fit in 48 bits");
        }
        return new MacAddress(value);
    }

    static int inRange(String kind, String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ModelException(kind, field, Integer.toUnsignedString(value), "must be " + min + ".." + max);
        }
        return value;
    }

    static String name(String kind, String field, String value) {
        if (value.length() > NAME_MAX) {
            throw new ModelException(
                    kind, field, value.length() + " characters", "must have at most " + NAME_MAX + " characters");
        }
        return value;
    }
}
