import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { useState } from 'react';
import { send } from '../../api/send';
import { notify } from '../../app/noticeStore';
import { count } from '../../domain/units';
import { formText } from '../../text/forms';
import { liveText } from '../../text/live';
import type { Filter } from './SessionBrowser';

const t = liveText.sessions;
type Ended = { readonly ended: number; readonly matched?: number };

/** Ends the sessions that the filter shows, after saying how many they are. */
export function EndSessions({ path, filter }: { path: string; filter: Filter }) {
  const [open, setOpen] = useState(false);
  const [matched, setMatched] = useState<number>();
  const [wrong, setWrong] = useState('');
  const filtered = Object.keys(filter).length > 0;
  const query = filtered ? { ...filter } : { all: true };
  const end = (dryRun: boolean) => send<Ended>(`${path}/sessions`, { method: 'DELETE', query: { ...query, ...(dryRun && { dryRun }) } });
  const refuse = (e: unknown) => setWrong(e instanceof Error ? e.message : String(e));
  const ask = () => {
    setOpen(true);
    setWrong('');
    setMatched(undefined);
    end(true).then((answer) => setMatched(answer.matched ?? 0), refuse);
  };
  const act = () => {
    end(false).then((answer) => {
      setOpen(false);
      notify({ variant: 'success', title: t.cleared(count(answer.ended)) });
    }, refuse);
  };
  return (
    <>
      <Button variant="danger" onClick={ask}>{t.clear}</Button>
      <Modal isOpen={open} variant="small" onClose={() => setOpen(false)} aria-labelledby="end-sessions">
        <ModalHeader title={t.clearTitle} labelId="end-sessions" />
        <ModalBody>
          {wrong && <Alert isInline isLiveRegion variant="danger" title={formText.refused}>{wrong}</Alert>}
          {matched !== undefined && <p data-testid="matched">{t.clearBody(count(matched), filtered)}</p>}
        </ModalBody>
        <ModalFooter>
          <Button variant="danger" isDisabled={!matched} onClick={act}>{t.clear}</Button>
          <Button variant="link" onClick={() => setOpen(false)}>{formText.cancel}</Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
