import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Form, FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type FormEvent, useState } from 'react';
import { changePassword } from '../../api/session';
import { text } from '../../text/en';
import { LoginFrame } from './LoginFrame';

const LENGTH_MIN = 12;

interface Props {
  /** The present password was given by somebody else: nothing goes on without another. */
  readonly forced?: boolean;
  readonly onDone: () => void;
}

/** Asks for the present password and twice for the next. */
export default function PasswordPage({ forced = false, onDone }: Props) {
  const t = text.login;
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (next !== again) {
      setWrong(t.differ);
      return;
    }
    setBusy(true);
    setWrong('');
    changePassword(current, next)
      .then(onDone, (e: unknown) => setWrong(e instanceof Error ? e.message : String(e)))
      .finally(() => setBusy(false));
  };
  const field = (id: string, label: string, value: string, set: (value: string) => void, complete: string) => (
    <FormGroup label={label} isRequired fieldId={id}>
      <TextInput
        id={id} type="password" autoComplete={complete} isRequired value={value}
        onChange={(_, typed) => set(typed)}
      />
    </FormGroup>
  );
  return (
    <LoginFrame title={t.changeTitle}>
      <Form onSubmit={submit}>
        {forced && <p>{t.mustChange}</p>}
        {wrong && <Alert isInline isLiveRegion variant="danger" title={t.notChanged}>{wrong}</Alert>}
        {field('password-current', t.current, current, setCurrent, 'current-password')}
        {field('password-next', t.next(LENGTH_MIN), next, setNext, 'new-password')}
        {field('password-again', t.again, again, setAgain, 'new-password')}
        <Button type="submit" isBlock isLoading={busy} isDisabled={busy || current === '' || next.length < LENGTH_MIN}>
          {t.change}
        </Button>
      </Form>
    </LoginFrame>
  );
}
