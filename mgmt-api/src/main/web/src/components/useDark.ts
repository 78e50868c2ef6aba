import { useSyncExternalStore } from 'react';

const DARK_CLASS = 'pf-v6-theme-dark';

function subscribe(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
  return () => observer.disconnect();
}

/** Whether the dark theme is on now, for what is drawn on a canvas and cannot follow CSS by itself. */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => document.documentElement.classList.contains(DARK_CLASS));
}
