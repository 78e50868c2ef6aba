import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ClipboardCopy } from '@patternfly/react-core/dist/esm/components/ClipboardCopy';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { useMay } from '../../api/session';
import { Chooser } from '../../components/Chooser';
import { LabelledInput } from '../../components/LabelledInput';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { adminText } from '../../text/admin';
import { text } from '../../text/en';
import { KindMany } from '../../text/forms';
import { CertificatesPanel } from './CertificatesPanel';
import { StorePanel } from './StorePanel';

const t = adminText.settings;
type JoinToken = components['schemas']['JoinToken'];

/** Where the fabric is kept, backup, certificates, upgrades, and letting machines join. */
export default function SettingsPage() {
  const may = useMay();
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      <StorePanel mayChange={may('store-change')} />
      {may('identity-change') && <Panel title={t.join} testId="join"><Join /></Panel>}
      {may('identity-read') && <CertificatesPanel mayChange={may('identity-change')} />}
      <Panel title={t.upgrade} testId="upgrade">
        <p>{t.upgradeBody}</p>
        <pre className="nv-commands">{t.upgradeCommands}</pre>
        <p>{t.upgradeState} <Link to="/convergence">{text.convergence.title}</Link>.</p>
      </Panel>
      <Panel title={t.programs}>
        <p className="nv-links">
          <a href="/openapi.yaml">{t.openapi}</a>
          {may('metrics-read') && <a href="/metrics">{t.metrics}</a>}
          <Link to="/tokens">{adminText.tokens.title}</Link>
        </p>
      </Panel>
    </>
  );
}

function Join() {
  const [kind, setKind] = useState('gateways');
  const [name, setName] = useState('');
  const [made, setMade] = useState<JoinToken>();
  const [wrong, setWrong] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong('');
    setMade(undefined);
    send<JoinToken>('join-tokens', { method: 'POST', body: { kind, name } }).then(setMade, (e: unknown) => setWrong(e instanceof Error ? e.message : String(e)));
  };
  return (
    <>
      {wrong && <Alert isInline isLiveRegion variant="danger" title={t.refused}>{wrong}</Alert>}
      <form className="nv-tools" onSubmit={submit}>
        <Chooser label={t.kind} value={kind} choices={['gateways', 'hosts'].map((each) => [each, KindMany(each)])} onChange={setKind} />
        <LabelledInput label={t.name} value={name} required onChange={setName} />
        <Button type="submit" isDisabled={name === ''}>{t.makeToken}</Button>
      </form>
      {made?.token !== undefined && (
        <Alert isInline isLiveRegion variant="success" title={t.tokenOnce}>
          <ClipboardCopy isReadOnly hoverTip={adminText.tokens.copy} clickTip={adminText.tokens.copied} textAriaLabel={t.tokenOnce}>{made.token}</ClipboardCopy>
        </Alert>
      )}
    </>
  );
}
