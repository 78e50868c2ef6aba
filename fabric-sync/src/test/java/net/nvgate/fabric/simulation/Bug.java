package net.nvgate.fabric.simulation;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.store.Conflict;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.Transaction.Change;
import net.nvgate.fabric.store.Transaction.Delete;
import net.nvgate.fabric.store.Transaction.Put;
import net.nvgate.fabric.store.UniqueKey;

/** What may be wrong with a store, or with what a manager tells it, so that it can be seen that a simulation notices. */
enum Bug {
    /** Nothing is wrong. */
    NONE,
    /** Unique keys are not claimed: each manager sees only what it knew. */
    KEYS_FORGOTTEN {
        @Override
        FabricStore inStore(FabricStore store) {
            return changing(store, put -> keys(put, _ -> false));
        }
    },
    /** Two may take one address at the same time. */
    ADDRESS_KEYS_FORGOTTEN {
        @Override
        FabricStore inStore(FabricStore store) {
            return changing(store, put -> keys(put, key -> !isAddress(key)));
        }
    },
    /** Of sets that are read as a whole, two may make use at the same time: prefixes, ports, room on a gateway. */
    GUARDS_FORGOTTEN {
        @Override
        FabricStore inStore(FabricStore store) {
            return guarding(store, _ -> false);
        }
    },
    /** Two may take the last that a quota leaves. */
    QUOTA_GUARDS_FORGOTTEN {
        @Override
        FabricStore inStore(FabricStore store) {
            return guarding(store, guard -> QUOTAS.stream().noneMatch(guard::startsWith));
        }
    },
    /** What somebody begins to use can be deleted at the same time. */
    REFERENCES_FORGOTTEN {
        @Override
        FabricStore inStore(FabricStore store) {
            return changing(store, put -> new Put(put.object(), put.uniqueKeys(), Set.of()));
        }
    },
    /** The last of two who change an object wins. */
    REVISIONS_NOT_COMPARED {
        @Override
        FabricStore inStore(FabricStore store) {
            return new ForwardingStore(store) {
                @Override
                public Outcome apply(Transaction transaction) {
                    return super.apply(onTop(transaction, snapshot()));
                }
            };
        }
    },
    /** A PA stays when its last port goes. */
    PROVIDER_ADDRESS_LEAKS {
        @Override
        FabricStore inStore(FabricStore store) {
            return keeping(store, ProviderAddress.class);
        }
    },
    /** The pools of a VM subnet stay when it goes. */
    POOL_LEAKS {
        @Override
        FabricStore inStore(FabricStore store) {
            return keeping(store, IpPool.class);
        }
    },
    /** A revision is acknowledged before it is durable, and a crash comes between. */
    ACKNOWLEDGED_WRITE_LOST {
        @Override
        FabricStore ofManager(FabricStore store) {
            return new ForwardingStore(store) {
                private int writes;

                @Override
                public Outcome apply(Transaction transaction) {
                    return ++writes % SOME == 0 ? new Outcome.Committed(head() + 1) : super.apply(transaction);
                }
            };
        }
    },
    /** What was committed is taken for refused, and tried again. */
    COMMIT_TAKEN_FOR_REFUSED {
        @Override
        FabricStore ofManager(FabricStore store) {
            return new ForwardingStore(store) {
                private int writes;

                @Override
                public Outcome apply(Transaction transaction) {
                    Outcome outcome = super.apply(transaction);
                    return ++writes % SOME == 0 && outcome instanceof Outcome.Committed(long revision)
                            ? new Outcome.Rejected(new Conflict.GuardPassed("none", revision), revision)
                            : outcome;
                }
            };
        }
    },
    /** A watch tells a revision without one of its changes. */
    CHANGE_NOT_TOLD {
        @Override
        FabricStore ofManager(FabricStore store) {
            return telling(store, (listener, changes) -> {
                boolean whole =
                        changes.revision() % SOME != 0 || changes.changes().isEmpty();
                listener.onRevision(whole ? changes : shortened(changes));
            });
        }
    },
    /** A watch that breaks off and starts again leaves a revision out. */
    REVISION_NOT_TOLD {
        @Override
        FabricStore ofManager(FabricStore store) {
            return telling(store, (listener, changes) -> {
                if (changes.revision() % SOME != 0) {
                    listener.onRevision(changes);
                }
            });
        }
    },
    /** A manager that starts reads one object less than there is. */
    SNAPSHOT_CUT_SHORT {
        @Override
        FabricStore ofManager(FabricStore store) {
            return new ForwardingStore(store) {
                @Override
                public StoreSnapshot snapshot() {
                    StoreSnapshot whole = super.snapshot();
                    List<FabricObject> objects = whole.objects();
                    return new StoreSnapshot(whole.revision(), objects.subList(0, objects.size() - 1));
                }
            };
        }
    };

    private static final List<String> QUOTAS = List.of("subscription/", "cloud/", "limits/");
    private static final Set<String> ADDRESSES = Set.of("pa", "external", "ca");
    /** A bug that shows now and then shows each time this many have gone well. */
    private static final int SOME = 4;

    /** The store that all managers share. */
    FabricStore inStore(FabricStore store) {
        return store;
    }

    /** What one manager takes for the store. */
    FabricStore ofManager(FabricStore store) {
        return store;
    }

    private interface Teller {
        void tell(FabricStore.Listener listener, RevisionChanges changes);
    }

    private static boolean isAddress(UniqueKey key) {
        String scope = key.scope();
        int slash = scope.indexOf('/');
        return ADDRESSES.contains(slash < 0 ? scope : scope.substring(0, slash));
    }

    private static Put keys(Put put, Predicate<UniqueKey> kept) {
        return new Put(
                put.object(), put.uniqueKeys().stream().filter(kept).collect(Collectors.toSet()), put.references());
    }

    private static FabricStore changing(FabricStore store, UnaryOperator<Put> change) {
        return new ForwardingStore(store) {
            @Override
            public Outcome apply(Transaction transaction) {
                List<Change> changes = transaction.changes().stream()
                        .map(each -> each instanceof Put put ? change.apply(put) : each)
                        .toList();
                return super.apply(with(transaction, changes));
            }
        };
    }

    private static FabricStore guarding(FabricStore store, Predicate<String> kept) {
        return new ForwardingStore(store) {
            @Override
            public Outcome apply(Transaction transaction) {
                Set<String> guards = transaction.guards().stream().filter(kept).collect(Collectors.toSet());
                return super.apply(
                        new Transaction(transaction.basedOn(), transaction.changes(), guards, transaction.origin()));
            }
        };
    }

    /** Objects of this type are not deleted together with others; what they need is forgotten, so that nobody minds. */
    private static FabricStore keeping(FabricStore store, Class<? extends FabricObject> type) {
        return new ForwardingStore(store) {
            @Override
            public Outcome apply(Transaction transaction) {
                List<Change> changes = transaction.changes().stream()
                        .map(each -> each instanceof Put put && type.isInstance(put.object())
                                ? new Put(put.object(), put.uniqueKeys(), Set.of())
                                : each)
                        .filter(each -> !(each instanceof Delete && type.isInstance(each.object())))
                        .toList();
                return super.apply(with(transaction, changes.isEmpty() ? transaction.changes() : changes));
            }
        };
    }

    private static Transaction with(Transaction transaction, List<Change> changes) {
        return new Transaction(transaction.basedOn(), changes, transaction.guards(), transaction.origin());
    }

    private static FabricStore telling(FabricStore store, Teller teller) {
        return new ForwardingStore(store) {
            @Override
            public Subscription watch(long after, Listener listener) {
                return super.watch(after, new Listener() {
                    @Override
                    public void onRevision(RevisionChanges changes) {
                        teller.tell(listener, changes);
                    }

                    @Override
                    public void onLost(StoreException reason) {
                        listener.onLost(reason);
                    }
                });
            }
        };
    }

    private static RevisionChanges shortened(RevisionChanges changes) {
        return new RevisionChanges(
                changes.revision(),
                changes.at(),
                changes.origin(),
                changes.changes().subList(0, changes.changes().size() - 1));
    }

    /** The transaction as if its author had seen the present versions of its objects. */
    private static Transaction onTop(Transaction transaction, StoreSnapshot now) {
        List<Change> changes = transaction.changes().stream()
                .map(change -> now.objects().stream()
                        .filter(object -> object.id().equals(change.object().id()))
                        .findFirst()
                        .map(there -> onTop(change, there.meta()))
                        .orElse(change))
                .toList();
        return with(transaction, changes);
    }

    private static Change onTop(Change change, Meta there) {
        Meta meta = change.object().meta();
        FabricObject object = change.object()
                .withMeta(new Meta(
                        meta.id(),
                        meta.name(),
                        meta.description(),
                        meta.labels(),
                        there.createdRevision(),
                        there.changedRevision(),
                        there.createdBy(),
                        there.changedBy()));
        return change instanceof Put put ? new Put(object, put.uniqueKeys(), put.references()) : new Delete(object);
    }
}
