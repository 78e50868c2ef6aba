import ELK, { type ELK as Elk, type ElkNode } from 'elkjs/lib/elk-api';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { Topology, TopologyNode } from '../../domain/topology';

export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** ACROSS: left to right, for screens. TREE: an indented list, for phones. */
export type Direction = 'ACROSS' | 'TREE';

/** Tenants listed in a gateway's box before "and n more". */
export const MAX_EXITS = 6;
const WIDTH = 212;
const NETWORK_WIDTH = 176;

/** Pixels; the boxes' style sheet uses the same. */
export function sizeOf(node: TopologyNode): { width: number; height: number } {
  switch (node.kind) {
    case 'gateway': {
      const exits = Math.min(node.exits.length, MAX_EXITS + 1);
      return { width: 256, height: 118 + exits * 26 };
    }
    case 'host':
      return { width: WIDTH, height: 92 };
    case 'vm':
      return { width: WIDTH, height: 62 + Math.max(1, node.nics.length) * 22 };
    case 'vmGroup':
      return { width: WIDTH, height: 68 };
    case 'physical':
    case 'paNetwork':
      return { width: NETWORK_WIDTH, height: 72 + Math.max(1, node.prefixes.length) * 20 };
  }
}

let elk: Elk | undefined;

/** ELK is large and computes for long: it runs in a worker of its own, loaded with the first picture. */
function engine(): Elk {
  elk ??= new ELK({ workerFactory: () => new Worker(workerUrl) });
  return elk;
}

/** Gets what computes the places, while what is to be placed is still asked for. */
export function prepare(direction: Direction): void {
  if (direction === 'ACROSS') engine();
}

/** Where each node stands, by its id. */
export function layOut(topology: Topology, direction: Direction): Promise<ReadonlyMap<string, Placed>> {
  return direction === 'TREE' ? Promise.resolve(tree(topology)) : across(topology);
}

async function across(topology: Topology): Promise<ReadonlyMap<string, Placed>> {
  const graph: ElkNode = {
    id: 'fabric',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': '56',
      'elk.spacing.nodeNode': '24',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: topology.nodes.map((node) => ({ id: node.id, ...sizeOf(node) })),
    edges: topology.edges.map(({ from, to }) => ({ id: `${from}>${to}`, sources: [from], targets: [to] })),
  };
  const placed = await engine().layout(graph);
  return new Map(
    (placed.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => [id, { x, y, width, height }]),
  );
}

const INDENT = 18;
const ROW_GAP = 14;

/** Depth first, each node once, under the first node that leads to it. */
function tree(topology: Topology): ReadonlyMap<string, Placed> {
  const children = new Map<string, string[]>();
  for (const { from, to } of topology.edges) children.set(from, [...(children.get(from) ?? []), to]);
  const targets = new Set(topology.edges.map((edge) => edge.to));
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]));
  const placed = new Map<string, Placed>();
  let y = 0;
  const place = (id: string, depth: number): void => {
    const node = nodes.get(id);
    if (!node || placed.has(id)) return;
    const { width, height } = sizeOf(node);
    placed.set(id, { x: depth * INDENT, y, width, height });
    y += height + ROW_GAP;
    for (const child of children.get(id) ?? []) place(child, depth + 1);
  };
  for (const { id } of topology.nodes) if (!targets.has(id)) place(id, 0);
  return placed;
}

/** Height of everything placed, in pixels. */
export function heightOf(places: ReadonlyMap<string, Placed>): number {
  return Math.max(0, ...[...places.values()].map((place) => place.y + place.height));
}
