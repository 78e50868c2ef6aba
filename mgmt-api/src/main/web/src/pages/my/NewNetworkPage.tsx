import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ActionGroup, Form } from '@patternfly/react-core/dist/esm/components/Form';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ApiError } from '../../api/client';
import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { notify } from '../../app/noticeStore';
import { dryRun, make, type Change } from '../../form/changes';
import type { AnyObject, DryRun } from '../../form/contract';
import { pruned } from '../../form/draft';
import { useChoices } from '../../form/kinds';
import { Preview } from '../../form/Preview';
import { formText } from '../../text/forms';
import { myText } from '../../text/my';
import { NoNetworks } from './NoNetworks';
import { AddressStep, NameStep, type NewNetwork, WayOutStep } from './newNetworkSteps';

const t = myText.wizard;
const STEPS = [NameStep, AddressStep, WayOutStep] as const;
/** Which step has which field of the request. */
const STEP_OF: Readonly<Record<string, number>> = { name: 0, subscription: 0, prefix: 1, prefix6: 1, dnsServers: 1, nat: 2 };

const bodyOf = (network: NewNetwork): unknown =>
  ({
    ...(pruned({ name: network.name, prefix: network.prefix, prefix6: network.prefix6, dnsServers: network.dns.split(/[\s,]+/) }) as object),
    ...(network.nat && { nat: {} }),
  });

/** A whole network in three steps: name, addresses, way out. What is refused leads back to its step. */
export default function NewNetworkPage() {
  const subscriptions = useChoices('subscriptions').data;
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      {!subscriptions ? <Loading /> : subscriptions.total === 0 ? <NoNetworks /> : <Steps subscriptions={subscriptions.items} />}
    </>
  );
}

function Steps({ subscriptions }: { subscriptions: readonly AnyObject[] }) {
  const navigate = useNavigate();
  const previews = useMay()('tenant-manage');
  const [network, setNetwork] = useState<NewNetwork>({ name: '', subscription: subscriptions[0]?.id ?? '', prefix: '192.168.1.0/24', prefix6: '', dns: '', nat: true });
  const [step, setStep] = useState(0);
  const [wrong, setWrong] = useState<{ field: string; message: string }>();
  const [preview, setPreview] = useState<DryRun>();
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [step]);
  const change: Change = { method: 'POST', path: `subscriptions/${network.subscription}/virtual-networks`, body: bodyOf(network) };
  const refuse = (e: unknown) => {
    const field = (e instanceof ApiError && e.problem.field?.split(/[.[]/)[0]) || '';
    setWrong({ field, message: e instanceof Error ? e.message : String(e) });
    setStep(STEP_OF[field] ?? 2);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(undefined);
    if (step < 2) {
      setStep(step + 1);
      if (step === 1 && previews) dryRun(change).then(setPreview, refuse);
      return;
    }
    setBusy(true);
    make<{ vmNetwork: AnyObject }>(change)
      .then(({ vmNetwork }) => {
        notify({ variant: 'success', title: formText.created('vm-networks', vmNetwork.name) });
        void navigate(`/my/networks/${vmNetwork.id}`);
      }, refuse)
      .finally(() => setBusy(false));
  };
  const Fields = STEPS[step] ?? NameStep;
  const set = (next: Partial<NewNetwork>) => {
    const now = { ...network, ...next };
    setNetwork(now);
    if (step === 2 && previews) dryRun({ ...change, body: bodyOf(now) }).then(setPreview, refuse);
  };
  return (
    <div className="nv-form">
      <ol className="nv-wizard" aria-hidden="true">
        {t.steps.map((name, index) => <li key={name} data-state={index === step ? 'now' : index < step ? 'done' : 'next'}>{name}</li>)}
      </ol>
      <h2 ref={heading} tabIndex={-1} className="nv-panel-title">{t.step(step + 1, t.steps[step] ?? '')}</h2>
      {wrong && STEP_OF[wrong.field] === undefined && <Alert isInline isLiveRegion variant="danger" title={formText.refused} data-testid="refused">{wrong.message}</Alert>}
      <Form onSubmit={submit} noValidate>
        <Fields network={network} set={set} wrong={(field) => (wrong?.field === field ? wrong.message : undefined)} subscriptions={subscriptions} />
        {step === 2 && preview && <Preview preview={preview} />}
        <ActionGroup>
          {step > 0 && <Button variant="secondary" onClick={() => setStep(step - 1)}>{t.back}</Button>}
          <Button type="submit" isLoading={busy} isDisabled={busy || network.name === ''}>{step < 2 ? t.next : t.create}</Button>
          <Link className="pf-v6-c-button pf-m-link" to="/my">{formText.cancel}</Link>
        </ActionGroup>
      </Form>
    </div>
  );
}
