/** What a form holds: the shape of the object, without what nobody has given. */
export type Draft = Readonly<Record<string, unknown>>;

type Step = string | number;

/** `nics[0].address` → nics, 0, address: paths as the API's problem details have them. */
export function stepsOf(path: string): Step[] {
  return path.split(/[.[\]]+/).filter(Boolean).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

export function valueAt(draft: unknown, path: string): unknown {
  return stepsOf(path).reduce<unknown>((value, step) => (value as Record<Step, unknown> | undefined)?.[step], draft);
}

/** A copy with one value changed; undefined takes it away. Groups and lists on the way are made. */
export function withValue(draft: Draft, path: string, value: unknown): Draft {
  return put(draft, stepsOf(path), value) as Draft;
}

function put(at: unknown, [step, ...rest]: Step[], value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = Array.isArray(at) ? [...(at as unknown[])] : [];
    list[step] = put(list[step], rest, value);
    return list;
  }
  const group: Record<string, unknown> = { ...(at as Record<string, unknown> | undefined) };
  const next = put(group[step], rest, value);
  if (next === undefined) delete group[step];
  else group[step] = next;
  return group;
}

const isGroup = (value: unknown): value is Draft => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What to send for a new object: nothing that is empty. */
export function pruned(value: unknown): unknown {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (Array.isArray(value)) {
    const items = value.map(pruned).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isGroup(value)) return value ?? undefined;
  const entries = Object.entries(value).map(([name, inner]) => [name, pruned(inner)] as const).filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isGroup(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]));
}

/** JSON merge patch (RFC 7396) that makes `before` into `after`; undefined if nothing changes. What was emptied: null, lists and texts empty. */
export function mergePatch(before: Draft, after: Draft): Draft | undefined {
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [pruned(before[name]), pruned(after[name])];
    if (same(was, is)) continue;
    if (is === undefined) patch[name] = emptied(before[name]);
    else if (isGroup(is) && isGroup(was)) patch[name] = mergePatch(was, is) ?? {};
    else patch[name] = is;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function emptied(was: unknown): unknown {
  if (Array.isArray(was)) return [];
  if (isGroup(was)) return Object.fromEntries(Object.entries(was).map(([name, inner]) => [name, emptied(inner)]));
  return null;
}
