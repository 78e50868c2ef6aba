import {
  Background, BackgroundVariant, Controls, type Edge, type NodeChange, ReactFlow, ReactFlowProvider, useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useEffect, useMemo } from 'react';
import { useDark } from '../../components/useDark';
import { useMedia } from '../../components/useMedia';
import { concerns, type Topology } from '../../domain/topology';
import { text } from '../../text/en';
import { type Box, nodeTypes, title } from './boxes';
import { type Direction, heightOf, layOut, type Placed } from './layout';

interface Props {
  readonly topology: Topology;
  readonly tenant: string | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

/** Pixels of air above and below the list on a phone. */
const MARGIN = 16;
/** Until the details have slid in. */
const DRAWER_MILLIS = 350;
const PHONE = '(max-width: 48rem)';
const FIT_TREE = { padding: 0.02, maxZoom: 1, minZoom: 0.5 };
const FIT_ACROSS = { padding: 0.06, maxZoom: 1.15, minZoom: 0.2 };

const useDirection = (): Direction => (useMedia(PHONE) ? 'TREE' : 'ACROSS');

/** The picture: left to right on a screen; on a phone an indented list, as high as it needs, that scrolls with the page. */
export function Canvas(props: Props) {
  const direction = useDirection();
  const places = usePlaces(props.topology, direction);
  return (
    <ReactFlowProvider>
      <div className="nv-canvas" style={direction === 'TREE' ? { height: heightOf(places) + 2 * MARGIN } : undefined}>
        <Drawn {...props} places={places} direction={direction} />
      </div>
    </ReactFlowProvider>
  );
}

/** Lays out again only when the shape changes, not with every status. */
function usePlaces(topology: Topology, direction: Direction): ReadonlyMap<string, Placed> {
  const shape = useMemo(() => JSON.stringify([direction, topology.nodes.map(shapeOf), topology.edges.map((e) => [e.from, e.to])]), [topology, direction]);
  // The shape stands for topology and direction.
  return useMemo(() => layOut(topology, direction), [shape]);
}

function shapeOf(node: Topology['nodes'][number]): readonly (string | number)[] {
  if (node.kind === 'gateway') return [node.id, node.exits.length];
  if (node.kind === 'vm') return [node.id, node.nics.length];
  if (node.kind === 'physical' || node.kind === 'paNetwork') return [node.id, node.prefixes.length];
  return [node.id];
}

function Drawn({ topology, tenant, selected, onSelect, places, direction }: Props & { places: ReadonlyMap<string, Placed>; direction: Direction }) {
  const dark = useDark();
  const { fitView } = useReactFlow();
  const nodes = useMemo(() => toBoxes(topology, places, direction, tenant, selected), [topology, places, direction, tenant, selected]);
  const edges = useMemo(() => toEdges(topology, direction, tenant), [topology, direction, tenant]);
  const across = direction === 'ACROSS';
  const fit = across ? FIT_ACROSS : FIT_TREE;
  useEffect(() => void fitView(fit), [places, fitView, fit]);
  // Details take a part of the room.
  const beside = selected !== undefined;
  useEffect(() => {
    const timer = setTimeout(() => void fitView(fit), DRAWER_MILLIS);
    return () => clearTimeout(timer);
  }, [beside, fitView, fit]);
  const onNodesChange = (changes: NodeChange<Box>[]) => {
    const picked = changes.find((change) => change.type === 'select' && change.selected);
    if (picked?.type === 'select') onSelect(picked.id);
  };
  return (
    <ReactFlow<Box>
      aria-label={text.topology.canvas}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      onNodesChange={onNodesChange}
      onPaneClick={() => onSelect(undefined)}
      colorMode={dark ? 'dark' : 'light'}
      fitView
      fitViewOptions={fit}
      minZoom={0.15}
      maxZoom={1.8}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      zoomOnScroll={false}
      panOnScroll={false}
      panOnDrag={across}
      preventScrolling={false}
    >
      <Background variant={BackgroundVariant.Dots} gap={22} size={1.4} />
      {across && <Controls showInteractive={false} />}
    </ReactFlow>
  );
}

function toBoxes(
  topology: Topology,
  places: ReadonlyMap<string, Placed>,
  direction: Direction,
  tenant: string | undefined,
  selected: string | undefined,
): Box[] {
  return topology.nodes.flatMap((node): Box[] => {
    const place = places.get(node.id);
    if (!place) return [];
    return [
      {
        id: node.id,
        type: 'box',
        position: { x: place.x, y: place.y },
        width: place.width,
        height: place.height,
        data: { node, direction, faded: !concerns(node, tenant) },
        selected: node.id === selected,
        ariaLabel: `${text.kinds[node.kind]} ${title(node)}`,
      },
    ];
  });
}

function toEdges(topology: Topology, direction: Direction, tenant: string | undefined): Edge[] {
  return topology.edges.map(({ from, to, tenant: owner }) => ({
    id: `${from}>${to}`,
    source: from,
    target: to,
    selectable: false,
    type: direction === 'TREE' ? 'smoothstep' : 'default',
    className: [owner ? `nv-edge nv-tenant-${owner.colour}` : 'nv-edge', tenant && owner && owner.network.id !== tenant && 'is-faded'].filter(Boolean).join(' '),
  }));
}
