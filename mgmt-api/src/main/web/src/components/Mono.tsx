import type { ReactNode } from 'react';

/** Addresses, identifiers: fixed width, never broken inside. */
export function Mono({ children }: { children: ReactNode }) {
  return <span className="nv-mono">{children}</span>;
}
