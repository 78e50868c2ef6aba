export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly body?: string;
  readonly variant: 'success' | 'danger';
  /** What its button does, e.g. take back what was just done. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SUCCESS_MILLIS = 12_000;
const SHOWN_MAX = 2;
let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** What is said now, newest first. */
export const shownNotices = (): readonly Notice[] => notices;

export const closeNotice = (id: number): void => set(notices.filter((notice) => notice.id !== id));

/**
 * Says something in the corner of the page, on whichever page the user is by then. What went well goes away by itself, unless it has a
 * button: nobody has to be quick (WCAG 2.2.1).
 */
export function notify(notice: Omit<Notice, 'id'>): void {
  const id = ++last;
  set([{ ...notice, id }, ...notices].slice(0, SHOWN_MAX));
  if (notice.variant === 'success' && !notice.action) setTimeout(() => closeNotice(id), SUCCESS_MILLIS);
}

export function onNotices(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
