import { nodeReading } from '../domain/readings';
import { RateSeries } from '../domain/rates';
import type { Overview } from './model';

export type LiveMode = 'connecting' | 'live' | 'polling' | 'offline';

export interface LiveState {
  readonly mode: LiveMode;
  /** The last overview, kept while the manager is away. */
  readonly overview?: Overview;
  /** When it arrived, on this machine's clock (milliseconds). */
  readonly receivedAt?: number;
  /** Rates of each gateway and host by id. */
  readonly series: ReadonlyMap<string, RateSeries>;
}

/** How long rates are kept for the charts. */
export const HISTORY_MILLIS = 5 * 60_000;
const POLL_MILLIS = 2_000;
/** The manager sends an event every second; this much silence means that the stream is dead, whatever the socket says. */
const SILENCE_MILLIS = 6_000;

/** The parts of the browser that the store needs; tests give their own. */
export interface LiveSource {
  openEvents(onOverview: (overview: Overview) => void): () => void;
  fetchOverview(): Promise<Overview>;
  now(): number;
  schedule(action: () => void, millis: number): () => void;
}

/**
 * Keeps the overview up to date: by the event stream as long as it speaks, by polling as soon as it is silent.
 *
 *   connecting → live (event) ⇄ polling (silence, poll answered) ⇄ offline (silence, poll failed)
 */
export class LiveStore {
  private current: LiveState = { mode: 'connecting', series: new Map() };
  private readonly listeners = new Set<() => void>();
  private lastEventAt: number;
  private polling = false;
  private stops: (() => void)[] = [];

  constructor(private readonly source: LiveSource) {
    this.lastEventAt = source.now();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly state = (): LiveState => this.current;

  start(): void {
    this.stop();
    this.lastEventAt = this.source.now();
    this.stops = [this.source.openEvents((overview) => this.onEvent(overview))];
    this.poll();
    this.watch();
  }

  stop(): void {
    for (const stop of this.stops) stop();
    this.stops = [];
  }

  /** Asks at once, for the impatient. */
  readonly retry = (): void => this.poll();

  private onEvent(overview: Overview): void {
    this.lastEventAt = this.source.now();
    this.accept(overview, 'live');
  }

  private watch(): void {
    const cancel = this.source.schedule(() => {
      this.stops = this.stops.filter((stop) => stop !== cancel);
      if (this.source.now() - this.lastEventAt >= SILENCE_MILLIS) this.poll();
      this.watch();
    }, POLL_MILLIS);
    this.stops.push(cancel);
  }

  private poll(): void {
    if (this.polling) return;
    this.polling = true;
    const askedAt = this.source.now();
    this.source
      .fetchOverview()
      .then((overview) => {
        // An event that came meanwhile is newer than this answer.
        if (this.lastEventAt <= askedAt) this.accept(overview, 'polling');
      })
      .catch(() => {
        if (this.lastEventAt <= askedAt) this.set({ ...this.current, mode: 'offline' });
      })
      .finally(() => {
        this.polling = false;
      });
  }

  private accept(overview: Overview, mode: LiveMode): void {
    const at = Date.parse(overview.time);
    const series = new Map<string, RateSeries>();
    for (const node of [...overview.gateways, ...overview.hosts]) {
      const before = this.current.series.get(node.id) ?? RateSeries.EMPTY;
      series.set(node.id, node.status ? before.plus(nodeReading(node.status, at), HISTORY_MILLIS) : before);
    }
    this.set({ mode, overview, receivedAt: this.source.now(), series });
  }

  private set(state: LiveState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
