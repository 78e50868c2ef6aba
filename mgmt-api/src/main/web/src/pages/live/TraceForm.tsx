import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox';
import { type FormEvent, useState } from 'react';
import { useSearchParams } from 'react-router';
import { apiUrl, type Query, send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { Chooser } from '../../components/Chooser';
import { LabelledInput } from '../../components/LabelledInput';
import { Loading } from '../../components/Loading';
import { liveText } from '../../text/live';
import { TraceAnswer } from './TraceAnswer';

const t = liveText.trace;
const WATCH_SECONDS = 10;
type View = components['schemas']['TraceView'];

interface Props {
  /** Below /api/v1: a gateway or a VM network. */
  readonly path: string;
  /** More of the question, e.g. which VM network at a gateway. */
  readonly given?: Query;
  readonly mayCapture: boolean;
}

/** Asks what would become of a packet, what becomes of the next real ones, and for a capture of them. */
export function TraceForm({ path, given = {}, mayCapture }: Props) {
  const [params] = useSearchParams();
  const [asked, setAsked] = useState({
    from: params.get('from') ?? 'inside', source: params.get('source') ?? '', destination: params.get('destination') ?? '',
    protocol: params.get('protocol') ?? 'TCP', destinationPort: params.get('destinationPort') ?? '80', size: params.get('size') ?? '', dontFragment: params.get('dontFragment') === 'true',
  });
  const [answer, setAnswer] = useState<View>();
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState<'trace' | 'watch'>();
  const set = (change: Partial<typeof asked>) => setAsked({ ...asked, ...change });
  const run = (what: 'trace' | 'watch', view: string, query: Query) => {
    setBusy(what);
    setWrong('');
    setAnswer(undefined);
    send<View>(`${path}/${view}`, { query: { ...given, ...query }, timeoutMillis: 40_000 })
      .then(setAnswer, (e: unknown) => setWrong(e instanceof Error ? e.message : String(e)))
      .finally(() => setBusy(undefined));
  };
  const ports = asked.protocol !== 'ICMP';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { destinationPort, dontFragment, ...rest } = asked;
    run('trace', 'trace', { ...rest, ...(ports && { destinationPort }), ...(dontFragment && { dontFragment }) });
  };
  const [inside, remote] = asked.from === 'inside' ? [asked.source, asked.destination] : [asked.destination, asked.source];
  const watched = { ...given, protocol: asked.protocol, insideAddress: asked.from === 'inside' ? inside : '', remoteAddress: remote, seconds: WATCH_SECONDS };
  return (
    <>
      <form onSubmit={submit} className="nv-tools nv-question" data-testid="trace-form">
        <Chooser label={t.from} value={asked.from} choices={[['inside', t.inside], ['outside', t.outside]]} onChange={(from) => set({ from })} />
        <LabelledInput label={t.source} value={asked.source} placeholder="192.168.1.3" required onChange={(source) => set({ source })} />
        <LabelledInput label={t.destination} value={asked.destination} placeholder="198.51.100.7" required onChange={(destination) => set({ destination })} />
        <Chooser label={liveText.sessions.protocol} value={asked.protocol} choices={[['TCP', 'TCP'], ['UDP', 'UDP'], ['ICMP', 'ICMP (ping)']]} onChange={(protocol) => set({ protocol })} />
        {ports && <LabelledInput label={t.destinationPort} type="number" value={asked.destinationPort} onChange={(destinationPort) => set({ destinationPort })} />}
        <LabelledInput label={t.size} type="number" value={asked.size} placeholder="64" onChange={(size) => set({ size })} />
        <Checkbox id="dont-fragment" label={t.dontFragment} isChecked={asked.dontFragment} onChange={(_event, dontFragment) => set({ dontFragment })} />
        <Button type="submit" isLoading={busy === 'trace'} isDisabled={busy !== undefined || asked.source === '' || asked.destination === ''}>{t.go}</Button>
        <Button variant="secondary" isLoading={busy === 'watch'} isDisabled={busy !== undefined} title={t.nextHelp} onClick={() => run('watch', 'packet-traces', { ...watched, packets: 10 })}>
          {t.next}
        </Button>
        {mayCapture && (
          <a className="pf-v6-c-button pf-m-secondary" href={apiUrl(`${path}/capture`, watched)} download="capture.pcapng" title={t.captureHelp}>{t.capture}</a>
        )}
      </form>
      {busy === 'watch' && <Loading label={t.waiting} />}
      {wrong && <Alert isInline isLiveRegion variant="danger" title={t.failed} data-testid="trace-failed">{wrong}</Alert>}
      {answer && <TraceAnswer traces={answer.items} />}
    </>
  );
}
