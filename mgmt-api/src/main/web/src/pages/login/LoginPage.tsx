import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Form, FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { type FormEvent, useEffect, useState } from 'react';
import { OIDC_LOGIN, getLoginMethods, login } from '../../api/session';
import { text } from '../../text/en';
import { LoginFrame } from './LoginFrame';

/** The manager leads back so when the OpenID provider let nobody in. */
const cameBackRefused = (): boolean => new URLSearchParams(location.search).get('login') === 'failed';

/** The way out leads here: from the provider, if its session was ended, too. */
const signedOut = (): string | null => new URLSearchParams(location.search).get('signed-out');

/** Asks who is there. */
export default function LoginPage({ ended = false, onDone }: { readonly ended?: boolean; onDone: () => void }) {
  const t = text.login;
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState(cameBackRefused() ? t.providerFailed : '');
  const [left] = useState(signedOut);
  const [provider, setProvider] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t.title} · ${text.product}`;
    // Said once.
    if (cameBackRefused() || signedOut() !== null) history.replaceState(history.state, '', location.pathname);
  }, [t]);
  // Without an answer there is the password.
  useEffect(() => void getLoginMethods().then(({ oidc }) => setProvider(oidc), () => undefined), []);
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
        {ended && wrong === '' && <Alert isInline isLiveRegion variant="info" title={t.ended} data-testid="session-ended">{t.endedBody}</Alert>}
        {left !== null && !ended && wrong === '' && (
          <Alert isInline isLiveRegion variant="success" title={t.signedOut} data-testid="signed-out">
            {left === 'provider' ? t.signedOutProvider : t.signedOutBody}
          </Alert>
        )}
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
        {provider && <a className="pf-v6-c-button pf-m-secondary pf-m-block" href={OIDC_LOGIN}>{t.provider}</a>}
      </Form>
    </LoginFrame>
  );
}
