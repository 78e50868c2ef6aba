import { useSearchParams } from 'react-router';
import { useLive } from '../../api/live';
import { useById } from '../../api/lookups';
import { Chooser } from '../../components/Chooser';
import { NetworkPicker } from '../../components/NetworkPicker';
import { useChoices } from '../../form/kinds';
import { liveText } from '../../text/live';

export interface Subject {
  /** Below /api/v1: `gateways/ID` or `vm-networks/ID`. */
  readonly path: string;
  readonly id: string;
  readonly name: string;
}

interface Found {
  readonly subject: Subject | undefined;
  readonly loading: boolean;
  readonly chooser: React.ReactNode;
}

function useParameter(name: string): [string | null, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (value: string) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      next.set(name, value);
      return next;
    }, { replace: true });
  return [params.get(name), set];
}

/** Which VM network a page asks about: one of the address, else the first. Only those with a gateway have something to tell. */
export function useNetworkSubject(): Found {
  const [wanted, set] = useParameter('network');
  const first = useChoices('vm-networks').data;
  const named = useById('vm-networks', wanted ?? undefined);
  const chosen = named ?? first?.items[0];
  return {
    loading: !first,
    subject: chosen && { path: `vm-networks/${chosen.id}`, id: chosen.id, name: chosen.name },
    chooser: chosen && <NetworkPicker value={chosen.id} onChoose={(id) => id !== undefined && set(id)} />,
  };
}

/** Which gateway a page asks about. */
export function useGatewaySubject(): Found {
  const [wanted, set] = useParameter('gateway');
  const { overview } = useLive();
  const items = overview?.gateways ?? [];
  const chosen = items.find(({ id }) => id === wanted) ?? items[0];
  return {
    loading: !overview,
    subject: chosen && { path: `gateways/${chosen.id}`, id: chosen.id, name: chosen.name },
    chooser: chosen && <Chooser label={liveText.gateway} value={chosen.id} choices={items.map(({ id, name }) => [id, name])} onChange={set} />,
  };
}
