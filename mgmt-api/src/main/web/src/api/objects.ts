import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLive } from './live';
import { refreshFabric } from './queries';

/** A burst of changes is one reload, and while changes come without end, there is one in so many milliseconds. */
const SETTLE_MILLIS = 300;
const PAUSE_MILLIS = 2_000;

/** Asks again what the page shows after each change of the fabric's revision. Mounted once, by the shell. */
export function useObjectsFollowRevision(): void {
  const client = useQueryClient();
  const revision = useLive().overview?.revision;
  const waiting = useRef<number>(undefined);
  const asked = useRef(0);
  useEffect(() => {
    if (revision === undefined || waiting.current !== undefined) return;
    const pause = Math.max(SETTLE_MILLIS, asked.current + PAUSE_MILLIS - performance.now());
    waiting.current = window.setTimeout(() => {
      waiting.current = undefined;
      asked.current = performance.now();
      refreshFabric();
    }, pause);
  }, [client, revision]);
}
