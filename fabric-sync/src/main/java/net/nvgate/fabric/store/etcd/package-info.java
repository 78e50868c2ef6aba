/**
 * The store in an etcd cluster, shared by several managers.
 *
 * <p><b>The log is the store.</b> A transaction may have 10,000 changes, each with several unique keys and references;
 * etcd carries out at most 128 operations (--max-txn-ops) and 1.5 MiB (--max-request-bytes) at once, by default. So a
 * commit does not touch a key per object. It is one etcd transaction of one comparison and two puts, whatever its size:
 *
 * <pre>
 *  if   head is as this manager last saw it (mod_revision)
 *  then put log/LAST = the revisions;  put head = LAST
 *  else read head, and the log after what this manager has
 * </pre>
 *
 * <p>Every manager has the whole store in memory ({@link net.nvgate.fabric.store.etcd.Replica}) and checks transactions
 * on it: objects as they were read, unique keys, references, guards. The comparison makes what was checked true at the
 * moment of the commit, for the log up to the head determines everything. Who comes too late gets what it missed in the
 * same answer, takes it, and checks again. That is why two managers cannot hand out one address: the second of two
 * commits is always checked against the first.
 *
 * <p>As a commit costs one round trip whatever it holds, all transactions that wait are committed together, one revision
 * each (group commit). What does not fit under one key is written in parts first; the parts mean nothing until the log
 * names them.
 *
 * <p><b>Keys of objects, deletions and guards follow.</b> Whichever manager gets to it brings them up to the log, in steps that all
 * compare and set {@code applied} ({@link net.nvgate.fabric.store.etcd.EtcdKeeper}). They may be ahead of
 * {@code applied} after a crash, never behind. A manager that starts reads them and the log after {@code applied}, as of
 * one etcd revision, and lays the log over them. Log is deleted only once {@code applied} has passed it,
 * and with it the guards and deletions of then: a transaction that is based on an earlier revision is refused for them.
 *
 * <p><b>No answer to a commit</b> (timeout, change of leader, a connection that breaks) says nothing about it. The same
 * etcd transaction is sent again, through the next member: because of the comparison at most one of them is carried out.
 * If the comparison fails, the batch's token says whether the log's next batch is this one. If no member answers within
 * the patience that is set, the caller is told that it is not known. What never was sent is told apart: nothing was
 * changed.
 *
 * <p><b>Watches</b> are fed from memory, and from the log when further behind. One thread per manager follows the log
 * ({@link net.nvgate.fabric.store.etcd.EtcdFollower}); whatever ends its watch, it reads the log again from its own
 * revision. etcd's own history is used for nothing but reading at one revision, so compacting it loses nothing.
 *
 * <p>Keys: {@link net.nvgate.fabric.store.etcd.EtcdKeys}.
 */
@NullMarked
package net.nvgate.fabric.store.etcd;

import org.jspecify.annotations.NullMarked;
