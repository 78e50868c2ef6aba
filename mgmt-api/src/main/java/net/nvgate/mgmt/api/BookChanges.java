package net.nvgate.mgmt.api;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.mgmt.api.Changes.Answer;

/** What requests have in common that change what is kept beside the fabric: {@code ?dryRun=true} and {@code If-Match}. */
final class BookChanges {

    private BookChanges() {}

    /** On the event loop, while the request can be read. */
    static BookRequest of(RoutingContext context, Origin origin) {
        return new BookRequest(origin, Etags.ifMatch(context), Replies.flag(context, "dryRun"));
    }

    /** Of what is made new, which has no version. */
    static BookRequest making(RoutingContext context, Origin origin) {
        return new BookRequest(origin, Optional.empty(), Replies.flag(context, "dryRun"));
    }

    /** @param before as the API shows it, without secrets; absent also where it shows nothing of the kind */
    record Difference(
            String kind,
            UUID id,
            String name,
            ChangeViews.Type change,
            Optional<Object> before,
            Optional<Object> after) {

        static Difference of(ObjectChange change, Function<FabricObject, Optional<Object>> shown) {
            FabricObject object = change.any();
            return new Difference(
                    object.kind().path(),
                    object.id(),
                    object.name(),
                    ChangeViews.Type.of(change),
                    change.before().flatMap(shown),
                    change.after().flatMap(shown));
        }
    }

    /** As {@link ChangeViews.DryRunAnswer}; none of it is policy of a node. */
    record DryRunAnswer(boolean dryRun, long basedOn, List<Difference> changes, List<Object> policy) {}

    /**
     * What the request is answered with: what it would do, or what it did.
     *
     * @param shown an object as the API shows it; empty if it does not
     * @param done the answer to the change that was committed
     */
    static <R> Answer answer(
            BookRequest request,
            BookChange<R> change,
            Function<FabricObject, Optional<Object>> shown,
            Function<BookChange<R>, Answer> done) {
        if (!request.dryRun()) {
            return done.apply(change);
        }
        return Answer.of(
                200,
                new DryRunAnswer(
                        true,
                        change.revision(),
                        change.changes().stream()
                                .map(each -> Difference.of(each, shown))
                                .toList(),
                        List.of()));
    }
}
