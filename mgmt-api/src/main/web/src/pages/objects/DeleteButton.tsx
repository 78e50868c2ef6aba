import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError } from '../../api/client';
import { useMay } from '../../api/session';
import { notify } from '../../app/noticeStore';
import { announce, type Change, dryRun, make } from '../../form/changes';
import type { AnyObject, Contract, DryRun } from '../../form/contract';
import { Preview } from '../../form/Preview';
import { formText } from '../../text/forms';

interface Props {
  readonly contract: Contract;
  readonly kind: string;
  readonly object: AnyObject;
  /** Where to go afterwards; nowhere if absent. */
  readonly to?: string;
  readonly small?: boolean;
  /** Of what is deleted with all that is in it, below /api/v1; the object alone if absent. */
  readonly path?: string;
}

/** Asks first, and shows by a dry run what would go. */
export function DeleteButton({ contract, kind, object, to, small = false, path }: Props) {
  const navigate = useNavigate();
  const may = useMay();
  const [open, setOpen] = useState(false);
  const [preview, setPreview] = useState<DryRun>();
  const [refused, setRefused] = useState<ApiError>();
  const change: Change = { method: 'DELETE', path: path ?? `${kind}/${object.id}` };
  const refuse = (e: unknown) => setRefused(e instanceof ApiError ? e : new ApiError(0, 'unknown', String(e)));
  const ask = () => {
    setOpen(true);
    setRefused(undefined);
    setPreview(undefined);
    dryRun(change).then(setPreview, refuse);
  };
  const remove = () => {
    make<void>(change).then(() => {
      setOpen(false);
      // With all that is in it: only who may undo revisions can take that back.
      const whole = path !== undefined && !may('fabric-change');
      if (whole) notify({ variant: 'success', title: formText.deleted(object.name) });
      else announce({ contract, kind, title: formText.deleted(object.name), before: object, byRevision: may('fabric-change') });
      if (to) void navigate(to);
    }, refuse);
  };
  const users = refused?.problem.users ?? [];
  return (
    <>
      <Button variant={small ? 'link' : 'danger'} isDanger={small} size={small ? 'sm' : 'default'} aria-label={small ? `${formText.deleteButton} ${object.name}` : undefined} onClick={ask}>
        {formText.deleteButton}
      </Button>
      <Modal isOpen={open} variant="medium" onClose={() => setOpen(false)} aria-labelledby="delete-title">
        <ModalHeader title={formText.deleteTitle(object.name)} labelId="delete-title" />
        <ModalBody tabIndex={0}>
          {refused ? (
            <Alert isInline isLiveRegion variant="danger" title={formText.refused}>
              {refused.message}
              {users.length > 0 && <p>{`${formText.usedBy}: ${users.map((user) => user.name).join(', ')}`}</p>}
            </Alert>
          ) : (
            <p>{formText.deleteBody}</p>
          )}
          {preview && <Preview preview={preview} />}
        </ModalBody>
        <ModalFooter>
          <Button variant="danger" isDisabled={refused !== undefined} onClick={remove}>{formText.deleteButton}</Button>
          <Button variant="link" onClick={() => setOpen(false)}>{formText.cancel}</Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
