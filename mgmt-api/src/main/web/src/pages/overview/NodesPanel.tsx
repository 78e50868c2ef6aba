import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { Link } from 'react-router';
import type { NodeStatus, Overview } from '../../api/model';
import { type Column, DataTable } from '../../components/DataTable';
import { NextStep } from '../../components/NextStep';
import { NodeState } from '../../components/NodeState';
import { Panel } from '../../components/Panel';
import { count } from '../../domain/units';
import { text } from '../../text/en';

interface Row {
  readonly kind: 'gateway' | 'host';
  readonly node: NodeStatus;
}

const c = text.columns;

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'node',
    title: c.node,
    value: (r) => r.node.name,
    cell: (r) => <Link to={`/topology?selected=${r.kind}:${r.node.id}`}>{r.node.name}</Link>,
  },
  { id: 'kind', title: c.kind, value: (r) => r.kind, cell: (r) => text.kinds[r.kind] },
  { id: 'connection', title: c.connection, value: (r) => String(r.node.connected), cell: (r) => <NodeState node={r.node} /> },
  { id: 'desired', title: c.desired, value: (r) => r.node.desiredRevision, cell: (r) => count(r.node.desiredRevision), numeric: true },
  {
    id: 'applied',
    title: c.applied,
    value: (r) => r.node.appliedRevision,
    cell: (r) => <Applied node={r.node} />,
    numeric: true,
  },
  { id: 'error', title: c.lastError, value: (r) => r.node.lastError, cell: (r) => <span className="nv-bad">{r.node.lastError ?? ''}</span> },
];

function Applied({ node }: { node: NodeStatus }) {
  return (
    <span className="nv-applied">
      {node.lag === 0 ? (
        <span className="nv-quiet">{text.nodeState.inStep}</span>
      ) : (
        <Label isCompact status="warning" variant="outline">
          {text.nodeState.behind(node.lag)}
        </Label>
      )}{' '}
      {count(node.appliedRevision)}
    </span>
  );
}

/** Which node runs by which revision. */
export function NodesPanel({ overview }: { overview: Overview }) {
  const rows: Row[] = [
    ...overview.gateways.map((node): Row => ({ kind: 'gateway', node })),
    ...overview.hosts.map((node): Row => ({ kind: 'host', node })),
  ];
  return (
    <Panel title={text.overview.nodes} help={text.overview.nodesHelp} testId="nodes">
      {rows.length === 0 ? (
        <NextStep title={text.empty.nodesTitle} body={text.empty.nodesBody} commands={[text.empty.nodesCurl]} headingLevel="h3" />
      ) : (
        <DataTable label={text.overview.nodes} columns={COLUMNS} rows={rows} rowKey={(row) => `${row.kind}:${row.node.id}`} filter={rows.length > 10} />
      )}
    </Panel>
  );
}
