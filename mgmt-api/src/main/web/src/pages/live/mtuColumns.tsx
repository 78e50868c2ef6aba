import type { VmMtu } from '../../api/model';
import type { Column } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { count, duration } from '../../domain/units';
import { text } from '../../text/en';

const c = text.columns;
const t = text.mtu;

type Counted = 'refused' | 'fragmented' | 'tunnelFragmented' | 'receivedTooBig';

const counted = (id: Counted, title: string): Column<VmMtu> => ({
  id, title, numeric: true, value: (vm) => vm[id], cell: (vm) => count(vm[id]),
});

export const mtuColumns: readonly Column<VmMtu>[] = [
  { id: 'network', title: c.vmNetwork, value: (vm) => vm.vmNetwork, cell: (vm) => vm.vmNetwork ?? text.none },
  { id: 'inside', title: c.inside, value: (vm) => vm.customerAddress, cell: (vm) => <Mono>{vm.customerAddress}</Mono> },
  counted('refused', t.refused),
  counted('fragmented', t.fragmented),
  counted('tunnelFragmented', t.tunnelFragmented),
  { id: 'size', title: t.lastSize, numeric: true, value: (vm) => vm.lastSize, cell: (vm) => vm.lastSize || text.none },
  { id: 'mss', title: t.mss, numeric: true, value: (vm) => vm.mssClamped, cell: mss },
  counted('receivedTooBig', t.receivedTooBig),
  { id: 'idle', title: c.idle, numeric: true, value: (vm) => vm.idleSeconds, cell: (vm) => duration(vm.idleSeconds) },
];

function mss(vm: VmMtu) {
  if (vm.mssClamped === 0) return text.none;
  return (
    <div className="nv-lines">
      {vm.mssAnnounced !== 0 && <span>{vm.mssAnnounced} → {vm.mssLowered}</span>}
      <small className="nv-quiet">{t.mssTimes(count(vm.mssClamped))}</small>
    </div>
  );
}

export const vmKey = (vm: VmMtu): string => `${vm.rdid} ${vm.customerAddress}`;
