import { describe, expect, it } from 'vitest';
import { LiveStore, type LiveSource } from './liveStore';
import type { Overview } from './model';

const overview = (revision: number, rxPackets = 0, uptimeSeconds = 1): Overview => ({
  time: new Date(uptimeSeconds * 1000).toISOString(),
  manager: { version: 'test', startedAt: '2026-11-22T08:00:00Z' },
  revision,
  policyRevision: revision,
  warnings: [],
  counts: {
    hostGroups: 0, logicalNetworks: 0, networkSites: 0, ipPools: 0, hosts: 0, gateways: 1, vmNetworks: 0,
    vmSubnets: 0, vmNetworkGateways: 0, vms: 0, natConnections: 0, natRules: 0,
    natOneToOnes: 0, natExemptions: 0, tenantInterfaces: 0, vmNetworkPeerings: 0,
  },
  gateways: [
    {
      id: 'gw', name: 'gw', connected: true, desiredRevision: revision, appliedRevision: revision, lag: 0, forwarding: true,
      status: { ports: [{ name: 'pa', rxPackets }], uptimeSeconds },
    },
  ],
  hosts: [],
});

/** A manager and a clock under the test's hand. */
class FakeSource implements LiveSource {
  millis = 0;
  answer: Overview | undefined = overview(1);
  emit: (o: Overview) => void = () => undefined;
  private timers: { at: number; action: () => void }[] = [];

  openEvents(onOverview: (o: Overview) => void) {
    this.emit = onOverview;
    return () => undefined;
  }
  fetchOverview() {
    return this.answer ? Promise.resolve(this.answer) : Promise.reject(new Error('down'));
  }
  now() {
    return this.millis;
  }
  schedule(action: () => void, millis: number) {
    const timer = { at: this.millis + millis, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((t) => t !== timer);
    };
  }
  async pass(millis: number) {
    const end = this.millis + millis;
    for (;;) {
      const next = this.timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((t) => t !== next);
      this.millis = next.at;
      next.action();
      await settle();
    }
    this.millis = end;
  }
}

async function settle() {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

async function started() {
  const source = new FakeSource();
  const store = new LiveStore(source);
  store.start();
  await settle();
  return { source, store };
}

describe('LiveStore', () => {
  it('shows the first poll until events come', async () => {
    const { source, store } = await started();
    expect(store.state()).toMatchObject({ mode: 'polling', overview: { revision: 1 } });
    source.millis += 10;
    source.emit(overview(2));
    expect(store.state()).toMatchObject({ mode: 'live', overview: { revision: 2 } });
  });

  it('does not ask while events come', async () => {
    const { source, store } = await started();
    source.answer = undefined;
    for (let second = 1; second <= 20; second++) {
      await source.pass(1_000);
      source.emit(overview(second));
    }
    expect(store.state()).toMatchObject({ mode: 'live', overview: { revision: 20 } });
  });

  it('polls when events fall silent, goes offline when that fails too, and comes back', async () => {
    const { source, store } = await started();
    source.emit(overview(5));
    source.answer = overview(6);
    await source.pass(8_000);
    expect(store.state()).toMatchObject({ mode: 'polling', overview: { revision: 6 } });
    const at = store.state().receivedAt;
    source.answer = undefined;
    await source.pass(4_000);
    expect(store.state()).toMatchObject({ mode: 'offline', overview: { revision: 6 }, receivedAt: at });
    source.answer = overview(7);
    await source.pass(2_000);
    expect(store.state()).toMatchObject({ mode: 'polling', overview: { revision: 7 } });
  });

  it('collects rates per node', async () => {
    const { source, store } = await started();
    source.emit(overview(1, 100, 10));
    source.emit(overview(1, 100, 10));
    source.emit(overview(1, 600, 12));
    expect(store.state().series.get('gw')?.latest?.perSecond).toEqual({ 'port/pa/rxPackets': 250 });
  });

  it('stops all its timers', async () => {
    const { source, store } = await started();
    store.stop();
    source.answer = undefined;
    await source.pass(60_000);
    expect(store.state().mode).toBe('polling');
  });
});
