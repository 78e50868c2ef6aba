import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { useId, useState } from 'react';
import { formText } from '../../text/forms';

interface Props {
  readonly label: string;
  /** What it is done to, for those who hear the button only. */
  readonly of?: string;
  readonly title: string;
  readonly body: string;
  readonly small?: boolean;
  readonly onYes: () => void;
}

/** A button whose deed cannot be undone, so that it asks first. */
export function Ask({ label, of, title, body, small = false, onYes }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <Button variant={small ? 'link' : 'secondary'} isDanger={small} size={small ? 'sm' : 'default'} aria-label={of === undefined ? undefined : `${label} ${of}`} onClick={() => setOpen(true)}>{label}</Button>
      <Modal isOpen={open} variant="small" onClose={() => setOpen(false)} aria-labelledby={id}>
        <ModalHeader title={title} labelId={id} />
        <ModalBody>{body}</ModalBody>
        <ModalFooter>
          <Button variant="danger" onClick={() => { setOpen(false); onYes(); }}>{label}</Button>
          <Button variant="link" onClick={() => setOpen(false)}>{formText.cancel}</Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
