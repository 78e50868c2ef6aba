package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.fabric.model.FabricObject;

/** The revision that changed an object last, as its entity tag (RFC 9110 §8.8.3). */
final class Etags {

    private static final String IF_MATCH = "If-Match";
    private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

    private Etags() {}

    static String of(FabricObject object) {
        return "\"" + object.changedRevision() + "\"";
    }

    /**
     * The revision that {@code If-Match} insists on, empty without that header or with {@code *}.
     *
     * @throws ProblemException for anything but one strong tag or {@code *}
     */
    static Optional<Long> ifMatch(RoutingContext context) {
        String given = context.request().getHeader(IF_MATCH);
        if (given == null || given.strip().equals("*")) {
            return Optional.empty();
        }
        Matcher tag = TAG.matcher(given.strip());
        if (!tag.matches()) {
            throw new ProblemException(Problem.of(
                            ProblemCode.INVALID_VALUE,
                            "If-Match must be * or the ETag of one answer, a revision in double quotes")
                    .atField(IF_MATCH));
        }
        return Optional.of(Long.valueOf(tag.group(1)));
    }
}
