package net.nvgate.gateway.acl;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The port ACLs of every routing domain, by its dense index, that has some. One thread writes, workers read: a change is one reference,
 * so that nobody sees half of it.
 */
public final class AclTable {

    private static final int CHUNK_SHIFT = 10;
    private static final int CHUNK = 1 << CHUNK_SHIFT;
    private static final int CHUNKS = 1 << 14;

    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable TenantAcl>> chunks =
            new AtomicReferenceArray<>(CHUNKS);
    private final AtomicInteger version = new AtomicInteger();

    /** Lists of a routing domain; null = it has none. */
    public @Nullable TenantAcl of(int domain) {
        AtomicReferenceArray<@Nullable TenantAcl> chunk = chunks.getAcquire(domain >>> CHUNK_SHIFT);
        return chunk == null ? null : chunk.getAcquire(domain & (CHUNK - 1));
    }

    /** Grows with each change of any list: verdicts of an older version have to be found again. */
    public int version() {
        return version.get();
    }

    /** Writer. */
    public void put(int domain, @Nullable TenantAcl acl) {
        AtomicReferenceArray<@Nullable TenantAcl> chunk = chunks.getPlain(domain >>> CHUNK_SHIFT);
        if (chunk == null) {
            chunk = new AtomicReferenceArray<>(CHUNK);
            chunks.setRelease(domain >>> CHUNK_SHIFT, chunk);
        }
        chunk.setRelease(domain & (CHUNK - 1), acl);
        version.incrementAndGet();
    }
}
