import { useState } from 'react';
import { useById } from '../../api/lookups';
import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { NetworkPicker } from '../../components/NetworkPicker';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { useChoices } from '../../form/kinds';
import { text } from '../../text/en';
import { liveText } from '../../text/live';
import { DropsTable } from '../live/DropsTable';
import { TraceForm } from '../live/TraceForm';
import { useGatewaySubject } from '../live/useSubject';

/** Trace, real packets and capture at a gateway, for a VM network of it. */
export default function TracePage() {
  const t = liveText.trace;
  const { subject, chooser, loading } = useGatewaySubject();
  const first = useChoices('vm-networks').data?.items[0];
  const [network, setNetwork] = useState<string>();
  const chosen = useById('vm-networks', network) ?? first;
  const may = useMay();
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle}>{chooser}</PageHeading>
      {loading && <Loading />}
      {!loading && !subject && <NextStep title={text.empty.gatewayTitle} body={text.empty.gatewayBody} commands={[text.empty.demo]} />}
      {subject && (
        <>
          <Panel title={subject.name} testId="trace">
            {chosen && <div className="nv-tools"><NetworkPicker value={chosen.id} onChoose={setNetwork} /></div>}
            <TraceForm key={subject.path} path={subject.path} given={{ vmNetwork: chosen?.name }} mayCapture={may('fabric-change')} />
          </Panel>
          <DropsTable path={subject.path} />
        </>
      )}
    </>
  );
}
