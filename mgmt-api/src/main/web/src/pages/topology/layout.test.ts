import { describe, expect, it } from 'vitest';
import type { Topology, TopologyNode } from '../../domain/topology';
import { layOut, type Placed } from './layout';

const network = (id: string, kind: 'physical' | 'paNetwork'): TopologyNode => ({ kind, id, name: id, prefixes: ['10.0.0.0/24'] });
const gateway = (id: string): TopologyNode => ({ kind: 'gateway', id, name: id, providerAddress: '10.0.0.1', externalAddress: '203.0.113.1', exits: [] });
const host = (id: string): TopologyNode => ({ kind: 'host', id, name: id, providerAddress: '10.0.0.2', hostType: 'LINUX_OVS' });
const vm = (id: string): TopologyNode => ({ kind: 'vm', id, name: id, nics: [] });

/** Two gateways, and hosts with so many VMs each, which the fabric names in the opposite order. */
function fabric(...vms: readonly number[]): Topology {
  const hosts = vms.map((_, i) => host(`h${i}`));
  const guests = vms.flatMap((count, i) => Array.from({ length: count }, (_, j) => [`h${i}`, vm(`vm${i}.${j}`)] as const)).toReversed();
  return {
    nodes: [network('lan', 'physical'), network('hnv', 'paNetwork'), gateway('gw0'), gateway('gw1'), ...hosts, ...guests.map(([, node]) => node)],
    edges: [
      ...['gw0', 'gw1'].flatMap((id) => [{ from: 'lan', to: id }, { from: id, to: 'hnv' }]),
      ...hosts.map(({ id }) => ({ from: 'hnv', to: id })),
      ...guests.map(([on, { id }]) => ({ from: on, to: id })),
    ],
  };
}

const centre = ({ y, height }: Placed): number => y + height / 2;
const placed = (topology: Topology): ((id: string) => Placed) => {
  const places = layOut(topology, 'ACROSS');
  return (id) => places.get(id) as Placed;
};

describe('layOut across', () => {
  it.each([[[]], [[0]], [[1]], [[3, 0, 2]], [[0, 0, 0, 0, 0]], [Array.from({ length: 40 }, (_, i) => i % 3)]])('places %j without overlaps, from left to right', (vms) => {
    const topology = fabric(...vms);
    const at = placed(topology);
    for (const { from, to } of topology.edges) expect(at(from).x + at(from).width).toBeLessThan(at(to).x);
    const all = topology.nodes.map(({ id }) => at(id));
    for (const column of new Set(all.map(({ x }) => x))) {
      const down = all.filter(({ x }) => x === column).toSorted((a, b) => a.y - b.y);
      for (const [i, place] of down.entries()) if (i > 0) expect(place.y).toBeGreaterThanOrEqual((down[i - 1] as Placed).y + (down[i - 1] as Placed).height + 23.99);
    }
    expect(Math.min(...topology.nodes.map(({ id }) => at(id).y))).toBeCloseTo(0);
  });

  it('puts VMs beside their hosts, in the order of these', () => {
    const at = placed(fabric(2, 1, 3));
    const rows = ['vm0.0', 'vm1.0', 'vm2.0'].map((id) => centre(at(id)));
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    expect(centre(at('h1'))).toBeCloseTo(centre(at('vm1.0')));
    expect(centre(at('h2'))).toBeCloseTo((centre(at('vm2.0')) + centre(at('vm2.2'))) / 2);
  });

  it('puts a network in the middle of what it leads to', () => {
    const at = placed(fabric(0, 0, 0));
    expect(centre(at('hnv'))).toBeCloseTo(centre(at('h1')));
    expect(centre(at('lan'))).toBeCloseTo((centre(at('gw0')) + centre(at('gw1'))) / 2);
    expect(centre(at('lan'))).toBeCloseTo(centre(at('hnv')));
  });

  it('places a fabric of one network', () => {
    expect(layOut({ nodes: [network('lan', 'physical')], edges: [] }, 'ACROSS').get('lan')).toMatchObject({ x: 0, y: 0 });
    expect(layOut({ nodes: [], edges: [] }, 'ACROSS').size).toBe(0);
  });
});
