import { notify } from '../app/noticeStore';
import { refreshFabric } from '../api/queries';
import { send } from '../api/send';
import { choiceLabel, formText } from '../text/forms';
import type { AnyObject, Contract, DryRun, HistoryItem } from './contract';
import type { Draft } from './draft';
import { formFields } from './fields';
import { kindInfo } from './kinds';

/** A change that a form or button is about to make. */
export interface Change {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** Below /api/v1. */
  readonly path: string;
  readonly body?: unknown;
  /** The revision that the object was last changed at: refused if there is another by now. */
  readonly version?: number;
}

export const dryRun = (change: Change): Promise<DryRun> => send(change.path, { ...change, query: { dryRun: true } });

export async function make<T = AnyObject>(change: Change): Promise<T> {
  const made = await send<T>(change.path, change);
  refreshFabric();
  return made;
}

/** Takes back a revision of the log; only who may change the fabric can. */
async function undoRevision(revision: number): Promise<void> {
  await send(`revisions/${revision}/undo`, { method: 'POST' });
  refreshFabric();
}

/** The fields of an object that a request can give, by the schema of such requests. */
export function givable(contract: Contract, schema: string, object: AnyObject): Draft {
  return Object.fromEntries(formFields(contract, schema).map(({ name }) => [name, object[name]] as const).filter(([, value]) => value !== undefined));
}

/** The opposite of a change, for those who cannot undo revisions: an object made again has its id, name and addresses again. */
export function inverse(contract: Contract, kind: string, before: AnyObject | undefined, after: AnyObject | undefined): Change | undefined {
  const info = kindInfo(contract, kind);
  if (!info) return undefined;
  if (after && !before) return { method: 'DELETE', path: `${kind}/${after.id}` };
  if (before && !after) return { method: 'POST', path: kind, body: { id: before.id, ...givable(contract, info.create, before) } };
  return before && { method: 'PATCH', path: `${kind}/${before.id}`, body: givable(contract, info.update, before) };
}

interface Done {
  readonly contract: Contract;
  readonly kind: string;
  readonly title: string;
  readonly before?: AnyObject;
  readonly after?: AnyObject;
  /** Who looks may undo revisions. */
  readonly byRevision: boolean;
}

/** Says what was done, with a button that takes it back. */
export function announce(done: Done): void {
  const undo = async () => {
    if (done.byRevision) await undoRevision(done.after?.changedRevision ?? (await lastRevision(done.kind, done.before?.id ?? '')));
    else {
      const back = inverse(done.contract, done.kind, done.before, done.after);
      if (back) await make(back);
    }
  };
  const run = () => {
    undo().then(
      () => notify({ variant: 'success', title: formText.undone(done.title) }),
      (e: unknown) => notify({ variant: 'danger', title: formText.undoFailed, body: e instanceof Error ? e.message : choiceLabel(String(e)) }),
    );
  };
  notify({ variant: 'success', title: done.title, action: { label: formText.undo, run } });
}

async function lastRevision(kind: string, id: string): Promise<number> {
  const { items } = await send<{ items: readonly HistoryItem[] }>(`${kind}/${id}/history`, { query: { limit: 1 } });
  return items[0]?.revision ?? 0;
}
