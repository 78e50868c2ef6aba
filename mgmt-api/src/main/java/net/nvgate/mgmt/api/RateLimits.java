package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import net.nvgate.mgmt.access.Principal;

/**
 * Keeps one client from taking what all need: a bucket of requests for each user (with each of his tokens by itself), and for
 * each address (of IPv6, each /64) of those who have not said who they are. It holds those of one second, and fills evenly. Made and used on
 * one event loop.
 */
final class RateLimits implements SecurityPolicyHandler {

    private static final int BUCKETS_MAX = 10_000;
    private static final long NANOS = 1_000_000_000;

    /** What watches the manager must not be kept out by who else is at the same address. */
    private static final Set<String> FREE = Set.of("/healthz", "/readyz");

    private final int perSecond;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > BUCKETS_MAX;
        }
    };

    /** @param perSecond 0 = as many as they like */
    RateLimits(int perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    private static final class Bucket {
        private double left;
        private long at;

        Bucket(double left, long at) {
            this.left = left;
            this.at = at;
        }
    }

    @Override
    public void handle(RoutingContext context) {
        boolean nobodyIsAsked = AccessGuard.principal(context).equals(Principal.ANONYMOUS);
        if (perSecond == 0
                || nobodyIsAsked
                || FREE.contains(String.valueOf(context.request().path()))) {
            context.next();
            return;
        }
        if (take(key(context))) {
            context.next();
        } else {
            context.fail(tooMany(context));
        }
    }

    /** Called instead of {@link #handle} for who is sent away: by then he may have asked too often. */
    ProblemException refusal(RoutingContext context, ProblemException otherwise) {
        return perSecond == 0 || take(key(context)) ? otherwise : tooMany(context);
    }

    private ProblemException tooMany(RoutingContext context) {
        context.response().putHeader("Retry-After", "1");
        return new ProblemException(
                ProblemCode.TOO_MANY_REQUESTS, "More than " + perSecond + " requests a second; go on in a second");
    }

    private static String key(RoutingContext context) {
        Principal principal = AccessGuard.principal(context);
        return principal.credential().isEmpty() ? ofAddress(context) : principal.actor();
    }

    private static String ofAddress(RoutingContext context) {
        return "@" + AccessGuard.network(AccessGuard.address(context));
    }

    /**
     * Takes one of the address's requests for finding out who asks; given back by {@link #admitted} when that is known.
     *
     * @throws ProblemException if there is none
     */
    void admit(RoutingContext context) {
        if (perSecond != 0 && !take(ofAddress(context))) {
            throw tooMany(context);
        }
    }

    /** By now it is known whose bucket the request is taken from. */
    void admitted(RoutingContext context) {
        Bucket bucket = buckets.get(ofAddress(context));
        if (bucket != null) {
            bucket.left++;
        }
    }

    /** False if the bucket is empty. */
    boolean take(String key) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(key, _ -> new Bucket(perSecond, now));
        bucket.left = Math.min(perSecond, bucket.left + (double) (now - bucket.at) * perSecond / NANOS);
        bucket.at = now;
        if (bucket.left < 1) {
            return false;
        }
        bucket.left--;
        return true;
    }
}
