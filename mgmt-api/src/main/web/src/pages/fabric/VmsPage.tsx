import { Link, useSearchParams } from 'react-router';
import { filterValue } from '../../api/list';
import { useById, useChildren } from '../../api/lookups';
import type { Nic, Vm } from '../../api/model';
import { useMay } from '../../api/session';
import { FieldCell, HostCell, SubnetNetworkCell } from '../../components/cells';
import type { Column } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { ServerTable } from '../../components/ServerTable';
import { text } from '../../text/en';
import { formText } from '../../text/forms';

const c = text.columns;
const t = text.vms;

const nics = (vm: Vm, cell: (nic: Nic) => React.ReactNode) => <div className="nv-lines">{vm.nics.map((nic) => <span key={nic.id}>{cell(nic)}</span>)}</div>;

const COLUMNS: readonly Column<Vm>[] = [
  { id: 'vm', title: c.vm, cell: (vm) => <Link to={`/fabric/vms/${vm.id}`}>{vm.name}</Link> },
  { id: 'network', title: c.vmNetwork, cell: (vm) => nics(vm, (nic) => <SubnetNetworkCell id={nic.vmSubnetId} />) },
  { id: 'ca', title: c.customerAddress, cell: (vm) => nics(vm, (nic) => <Mono>{[nic.address, nic.address6].filter(Boolean).join(' ')}</Mono>) },
  { id: 'mac', title: c.mac, cell: (vm) => nics(vm, (nic) => <Mono>{nic.mac}</Mono>) },
  { id: 'vsid', title: c.vsid, cell: (vm) => nics(vm, (nic) => <FieldCell kind="vm-subnets" id={nic.vmSubnetId} field="vsid" />), numeric: true },
  { id: 'host', title: c.host, cell: (vm) => <HostCell id={vm.hostId} /> },
  { id: 'pa', title: c.providerAddress, cell: (vm) => <FieldCell kind="hosts" id={vm.hostId} field="providerAddress" mono /> },
];

const ADDRESS = /^[0-9.]*\.[0-9.]*$|^[0-9a-f]*(:[0-9a-f]*){2,}$/i;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){2,5}$/i;

/** By name, or by a part of an address. */
function find(wanted: string): string {
  const field = MAC.test(wanted) ? 'nics.mac' : ADDRESS.test(wanted) ? (wanted.includes(':') ? 'nics.address6' : 'nics.address') : 'name';
  return `${field}~${filterValue(wanted)}`;
}

/** Every VM, page by page; of one VM network if the address names it. */
export default function VmsPage() {
  const [params] = useSearchParams();
  const networkId = params.get('network') ?? undefined;
  const network = useById('vm-networks', networkId);
  const subnets = useChildren('vm-subnets', 'vmNetworkId', networkId);
  const may = useMay();
  const create = may('fabric-change') && <Link className="pf-v6-c-button pf-m-primary" to="/fabric/vms/new">{formText.create('vms')}</Link>;
  const filter = subnets && `nics.vmSubnetId:${subnets.length === 0 ? '-' : subnets.map(({ id }) => id).join('|')}`;
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle}>{create}</PageHeading>
      <Panel
        testId="vms" title={network ? t.of(network.name) : t.title}
        actions={networkId !== undefined && <Link to="/vms">{t.all}</Link>}
      >
        {networkId !== undefined && !subnets ? <Loading /> : (
          <ServerTable<Vm>
            key={networkId} label={t.title} kind="vms" columns={COLUMNS} filter={filter} find={find} findLabel={t.find}
            empty={<NextStep title={text.empty.vmsTitle} body={text.empty.vmsBody} commands={[text.empty.demo, text.empty.vmsCurl]} headingLevel="h3" />}
          />
        )}
      </Panel>
    </>
  );
}
