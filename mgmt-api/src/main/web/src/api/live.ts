import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { getOverview } from './client';
import { LiveStore, type LiveSource, type LiveState } from './liveStore';
import type { Overview } from './model';

const browser: LiveSource = {
  openEvents(onOverview) {
    const events = new EventSource('/api/v1/events');
    events.addEventListener('fabric', (event) => {
      onOverview(JSON.parse((event as MessageEvent<string>).data) as Overview);
    });
    return () => events.close();
  },
  fetchOverview: getOverview,
  now: () => Date.now(),
  schedule(action, millis) {
    const timer = setTimeout(action, millis);
    return () => clearTimeout(timer);
  },
};

export const liveStore = new LiveStore(browser);

export const LiveContext = createContext<LiveStore>(liveStore);

export function useLive(): LiveState {
  const store = useContext(LiveContext);
  return useSyncExternalStore(store.subscribe, store.state);
}

/** Milliseconds since the shown data arrived, ticking every second while they are old; undefined while they are fresh. */
export function useAge(): number | undefined {
  const { mode, receivedAt } = useLive();
  const [now, setNow] = useState(() => Date.now());
  const stale = mode === 'offline';
  useEffect(() => {
    if (!stale) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [stale]);
  return stale && receivedAt !== undefined ? Math.max(0, now - receivedAt) : undefined;
}
