import type { Topology, TopologyKind, TopologyNode } from '../../domain/topology';

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

/** Where each node stands, by its id. */
export function layOut(topology: Topology, direction: Direction): ReadonlyMap<string, Placed> {
  return direction === 'TREE' ? tree(topology) : across(topology);
}

/** The way of a packet from outside; which column a node stands in is not for a general layout to find out. */
const COLUMNS: Record<TopologyKind, number> = { physical: 0, gateway: 1, paNetwork: 2, host: 3, vm: 4, vmGroup: 4 };
const COLUMN_GAP = 56;
const NODE_GAP = 24;

interface Cell {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Neighbours in columns to the left and to the right. */
  readonly left: Cell[];
  readonly right: Cell[];
  /** Place in the column, from above. */
  row: number;
  centre: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const middle = (cells: readonly Cell[]): number | undefined => (cells.length > 0 ? mean(cells.map(({ centre }) => centre)) : undefined);

/** In columns, each node as level with what it leads to as the others of its column let it be. Linear in nodes and edges, but for sorting. */
function across(topology: Topology): ReadonlyMap<string, Placed> {
  const columns = columnsOf(topology);
  columns.forEach(order);
  for (const column of columns) stack(column);
  columns.toReversed().forEach((column) => level(column, ({ right }) => middle(right)));
  // What leads nowhere stands beside what leads to it.
  columns.forEach((column) => level(column, ({ left, right, centre }) => (right.length > 0 ? centre : middle(left))));
  columns.toReversed().forEach((column) => level(column, ({ right }) => middle(right)));
  return placesOf(columns);
}

function columnsOf(topology: Topology): Cell[][] {
  const cells = new Map<string, Cell>();
  const columns: Cell[][] = [];
  for (const node of topology.nodes) {
    const cell: Cell = { id: node.id, ...sizeOf(node), left: [], right: [], row: 0, centre: 0 };
    cells.set(node.id, cell);
    (columns[COLUMNS[node.kind]] ??= []).push(cell);
  }
  for (const { from, to } of topology.edges) {
    const [start, end] = [cells.get(from), cells.get(to)];
    if (!start || !end) continue;
    start.right.push(end);
    end.left.push(start);
  }
  return columns.filter((column) => column.length > 0);
}

/** By what leads there, so that few edges cross; what has the same stays in the order of the fabric. */
function order(column: Cell[]): void {
  column.forEach((cell, row) => { cell.row = cell.left.length > 0 ? mean(cell.left.map((other) => other.row)) : row; });
  column.sort((a, b) => a.row - b.row);
  column.forEach((cell, row) => { cell.row = row; });
}

const distance = (above: Cell, below: Cell): number => (above.height + below.height) / 2 + NODE_GAP;

function stack(column: readonly Cell[]): void {
  column.forEach((cell, row) => {
    const above = column[row - 1];
    cell.centre = above ? above.centre + distance(above, cell) : cell.height / 2;
  });
}

/** Nodes that want the same place share it out: a run of them stands where they are nearest to their places on the whole. */
interface Run {
  place: number;
  weight: number;
  size: number;
}

/** Who has nothing to be level with goes with the others. */
const ANYWHERE = 1e-3;

/**
 * Moves the nodes of a column, in their order and as far apart as they must be, to where the squares of their distances from where they are
 * wanted are least (isotonic regression: pool adjacent violators).
 */
function level(column: readonly Cell[], wanted: (cell: Cell) => number | undefined): void {
  const runs: Run[] = [];
  const offsets: number[] = [];
  column.forEach((cell, row) => {
    const above = column[row - 1];
    const offset = above ? (offsets[row - 1] ?? 0) + distance(above, cell) : 0;
    offsets.push(offset);
    const centre = wanted(cell);
    let run: Run = { place: (centre ?? cell.centre) - offset, weight: centre === undefined ? ANYWHERE : 1, size: 1 };
    for (let before = runs.at(-1); before && before.place > run.place; before = runs.at(-1)) {
      runs.pop();
      const weight = before.weight + run.weight;
      run = { place: (before.place * before.weight + run.place * run.weight) / weight, weight, size: before.size + run.size };
    }
    runs.push(run);
  });
  let row = 0;
  for (const { place, size } of runs) {
    for (const end = row + size; row < end; row++) {
      const cell = column[row];
      if (cell) cell.centre = place + (offsets[row] ?? 0);
    }
  }
}

function placesOf(columns: readonly (readonly Cell[])[]): ReadonlyMap<string, Placed> {
  const top = Math.min(...columns.flat().map(({ centre, height }) => centre - height / 2));
  const places = new Map<string, Placed>();
  let x = 0;
  for (const column of columns) {
    for (const { id, width, height, centre } of column) places.set(id, { x, y: centre - height / 2 - top, width, height });
    x += Math.max(...column.map(({ width }) => width)) + COLUMN_GAP;
  }
  return places;
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
