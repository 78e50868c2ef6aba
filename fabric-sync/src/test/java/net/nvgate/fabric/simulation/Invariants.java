package net.nvgate.fabric.simulation;

import java.util.Optional;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreSnapshot;

/** What must hold after each revision, whoever made it: said from the objects alone, without code of the manager. */
final class Invariants {

    private Content content;
    private long revision;

    Invariants(StoreSnapshot first) {
        content = new Content(first.objects());
        revision = first.revision();
    }

    Content content() {
        return content;
    }

    /** @throws AssertionError naming the rule and the objects that break it */
    void next(RevisionChanges changes) {
        if (changes.revision() != revision + 1) {
            throw new AssertionError("revision " + changes.revision() + " follows " + revision);
        }
        revision = changes.revision();
        changes.changes().forEach(change -> ownership(changes, change));
        Content after = content.after(changes);
        UniquenessRules.check(after);
        AddressRules.check(after);
        NatRules.check(after);
        PhysicalRules.check(after);
        ChangeRules.check(content, changes, after);
        QuotaRules.check(content, after);
        content = after;
    }

    private void ownership(RevisionChanges changes, ObjectChange change) {
        Optional<FabricObject> present = content.find(change.id());
        if (!present.equals(change.before())) {
            throw new AssertionError("revision " + revision + " changes " + change.before() + ", not " + present);
        }
        change.after().map(FabricObject::meta).ifPresent(meta -> {
            Optional<Meta> before = present.map(FabricObject::meta);
            boolean right = meta.changedRevision() == revision
                    && meta.changedBy().equals(changes.origin().actor())
                    && meta.createdRevision()
                            == before.map(Meta::createdRevision).orElse(revision)
                    && meta.createdBy()
                            .equals(before.map(Meta::createdBy)
                                    .orElse(changes.origin().actor()));
            if (!right) {
                throw new AssertionError("revision " + revision + " by " + changes.origin() + " stamps " + meta);
            }
        });
    }
}
