import type { NodeReport, PortStatus, VsidStatus } from '../api/model';
import type { Rates, Reading } from './rates';

export type Traffic = 'rxPackets' | 'rxBytes' | 'txPackets' | 'txBytes';
const TRAFFIC: readonly Traffic[] = ['rxPackets', 'rxBytes', 'txPackets', 'txBytes'];

export const portCounter = (port: string, what: Traffic): string => `port/${port}/${what}`;
export const vsidCounter = (vsid: number, what: Traffic | 'drops'): string => `vsid/${vsid}/${what}`;
export const dropCounter = (reason: string): string => `drop/${reason}`;

/** All counters of a node's status under flat names, ready for rates. */
export function nodeReading(report: NodeReport, atMillis: number): Reading {
  const counters: Record<string, number> = {};
  for (const port of report.ports ?? []) {
    addTraffic(port, (what) => portCounter(port.name, what), counters);
  }
  for (const vsid of report.vsids ?? []) {
    addTraffic(vsid, (what) => vsidCounter(vsid.vsid, what), counters);
    if (vsid.drops !== undefined) counters[vsidCounter(vsid.vsid, 'drops')] = vsid.drops;
  }
  for (const [reason, dropped] of Object.entries(report.drops ?? {})) counters[dropCounter(reason)] = dropped;
  return { atMillis, uptimeSeconds: report.uptimeSeconds, counters };
}

function addTraffic(from: PortStatus | VsidStatus, name: (what: Traffic) => string, into: Record<string, number>): void {
  for (const what of TRAFFIC) {
    const value = from[what];
    if (value !== undefined) into[name(what)] = value;
  }
}

export function rateOf(rates: Rates | undefined, counter: string): number | undefined {
  return rates?.perSecond[counter];
}

/** Bytes per second to bits per second; unknown stays unknown. */
export function bits(bytesPerSecond: number | undefined): number | undefined {
  return bytesPerSecond === undefined ? undefined : bytesPerSecond * 8;
}
