import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Form, FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type FormEvent, useState } from 'react';
import { login } from '../../api/session';
import { text } from '../../text/en';
import { LoginFrame } from './LoginFrame';

/** Asks who is there. */
export default function LoginPage({ onDone }: { onDone: () => void }) {
  const t = text.login;
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setWrong('');
    login(user, password)
      .then(onDone, (e: unknown) => {
        setPassword('');
        setWrong(e instanceof Error ? e.message : String(e));
      })
      .finally(() => setBusy(false));
  };
  return (
    <LoginFrame title={t.title}>
      <Form onSubmit={submit}>
        {wrong && <Alert isInline isLiveRegion variant="danger" title={t.failed}>{wrong}</Alert>}
        <FormGroup label={t.user} isRequired fieldId="login-user">
          <TextInput
            id="login-user" name="username" autoComplete="username" isRequired autoFocus value={user}
            onChange={(_, value) => setUser(value)}
          />
        </FormGroup>
        <FormGroup label={t.password} isRequired fieldId="login-password">
          <TextInput
            id="login-password" name="password" type="password" autoComplete="current-password" isRequired value={password}
            onChange={(_, value) => setPassword(value)}
          />
        </FormGroup>
        <Button type="submit" isBlock isLoading={busy} isDisabled={busy || user === '' || password === ''}>{t.submit}</Button>
      </Form>
    </LoginFrame>
  );
}
