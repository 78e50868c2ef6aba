import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { components } from '../../api/schema.gen';
import { refreshFabric } from '../../api/queries';
import { send } from '../../api/send';
import { notify } from '../../app/noticeStore';
import { count } from '../../domain/units';
import { adminText } from '../../text/admin';
import { formText } from '../../text/forms';

const t = adminText.drain;
const REFRESH_MILLIS = 3_000;
const NAMED = 10;
type State = components['schemas']['GatewayDrain'];

/** Takes a gateway out of use and back: first says what would move and what would stay. */
export function Drain({ gatewayId, name }: { gatewayId: string; name: string }) {
  const [open, setOpen] = useState(false);
  const [wrong, setWrong] = useState('');
  const { data } = useQuery({
    queryKey: ['list', 'drain', gatewayId],
    queryFn: () => send<State>(`gateways/${gatewayId}/drain`),
    refetchInterval: ({ state }) => (state.data?.state === 'DRAINING' ? REFRESH_MILLIS : false),
  });
  const run = (verb: 'drain' | 'undrain') => {
    setWrong('');
    send<State>(`gateways/${gatewayId}/${verb}`, { method: 'POST' }).then(
      (now) => {
        setOpen(false);
        refreshFabric();
        notify({ variant: 'success', title: verb === 'drain' ? t.begun(name, now.movedNetworks) : t.back(name) });
      },
      (e: unknown) => setWrong(e instanceof Error ? e.message : String(e)),
    );
  };
  if (!data) return null;
  const serving = data.state === 'SERVING';
  return (
    <div className="nv-drain" data-testid="drain" data-state={data.state}>
      {!serving && <Alert isInline isLiveRegion variant={data.state === 'DRAINED' ? 'success' : 'info'} title={t.states[data.state]}>{data.state === 'DRAINING' && <Left state={data} />}</Alert>}
      {wrong && !open && <Alert isInline isLiveRegion variant="danger" title={formText.refused}>{wrong}</Alert>}
      <Button variant="secondary" size="sm" aria-label={`${serving ? t.drain : t.undrain} ${name}`} onClick={() => (serving ? setOpen(true) : run('undrain'))}>{serving ? t.drain : t.undrain}</Button>
      <Modal isOpen={open} variant="small" onClose={() => setOpen(false)} aria-labelledby="drain-title">
        <ModalHeader title={t.title(name)} labelId="drain-title" />
        <ModalBody>
          {wrong && <Alert isInline isLiveRegion variant="danger" title={formText.refused}>{wrong}</Alert>}
          <p>{t.body}</p>
          <Left state={data} />
        </ModalBody>
        <ModalFooter>
          <Button variant="danger" onClick={() => run('drain')}>{t.drain}</Button>
          <Button variant="link" onClick={() => setOpen(false)}>{formText.cancel}</Button>
        </ModalFooter>
      </Modal>
    </div>
  );
}

/** What is on it still, and what of that no other gateway can take. */
function Left({ state }: { state: State }) {
  const staying = state.left.filter(({ stays }) => stays !== undefined);
  return (
    <>
      <p>{t.left(state.leftNetworks, count(state.sessions))}</p>
      {staying.length > 0 && (
        <ul>
          {staying.slice(0, NAMED).map(({ vmNetworkId, vmNetwork, stays }) => <li key={vmNetworkId}><Link to={`/fabric/vm-networks/${vmNetworkId}`}>{vmNetwork}</Link>: {stays}</li>)}
          {staying.length > NAMED && <li>{t.more(count(staying.length - NAMED))}</li>}
        </ul>
      )}
    </>
  );
}
