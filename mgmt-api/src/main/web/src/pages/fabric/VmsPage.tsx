import { Link } from 'react-router';
import { type Column, DataTable } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { Panel } from '../../components/Panel';
import { TenantName } from '../../components/TenantName';
import { WithFabric } from '../../components/WithFabric';
import { type Placement, placements } from '../../domain/fabricIndex';
import { text } from '../../text/en';

const c = text.columns;

const COLUMNS: readonly Column<Placement>[] = [
  { id: 'vm', title: c.vm, value: (p) => p.vm.name, cell: (p) => <Link to={`/topology?selected=vm:${p.vm.id}`}>{p.vm.name}</Link> },
  { id: 'network', title: c.vmNetwork, value: (p) => p.tenant?.network.name, cell: (p) => <TenantName tenant={p.tenant} /> },
  { id: 'ca', title: c.customerAddress, value: (p) => p.nic.address, cell: (p) => <Mono>{p.nic.address}</Mono> },
  { id: 'mac', title: c.mac, value: (p) => p.nic.mac, cell: (p) => <Mono>{p.nic.mac}</Mono> },
  { id: 'vsid', title: c.vsid, value: (p) => p.subnet?.vsid, cell: (p) => p.subnet?.vsid ?? text.none, numeric: true },
  {
    id: 'host',
    title: c.host,
    value: (p) => p.host?.name,
    cell: (p) => (p.host ? <Link to={`/topology?selected=host:${p.host.id}`}>{p.host.name}</Link> : text.unknown),
  },
  { id: 'pa', title: c.providerAddress, value: (p) => p.host?.providerAddress, cell: (p) => <Mono>{p.host?.providerAddress ?? text.none}</Mono> },
];

export default function VmsPage() {
  const t = text.vms;
  return (
    <WithFabric title={t.title} subtitle={t.subtitle}>
      {(index) =>
        index.objects.vms.length === 0 ? (
          <NextStep title={text.empty.vmsTitle} body={text.empty.vmsBody} commands={[text.empty.demo, text.empty.vmsCurl]} />
        ) : (
          <Panel title={t.title} testId="vms">
            <DataTable label={t.title} columns={COLUMNS} rows={placements(index)} rowKey={(p) => p.nic.id} filter />
          </Panel>
        )
      }
    </WithFabric>
  );
}
