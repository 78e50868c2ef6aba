import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { VmMtu } from '../../api/model';
import { send } from '../../api/send';
import { DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { mtuColumns, vmKey } from '../live/mtuColumns';
import { text } from '../../text/en';
import { liveText } from '../../text/live';
import { type Subject, useNetworkSubject } from '../live/useSubject';
import { NoNetworks } from './NoNetworks';

const REFRESH_MILLIS = 3_000;

export default function MyMtuPage() {
  const t = liveText.mtu;
  const { subject, chooser, loading } = useNetworkSubject();
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle}>{chooser}</PageHeading>
      {loading && <Loading />}
      {!loading && !subject && <NoNetworks />}
      {subject && <Sizes subject={subject} />}
    </>
  );
}

function Sizes({ subject }: { subject: Subject }) {
  const t = liveText.mtu;
  const { data, error } = useQuery({
    queryKey: ['mtu', subject.path],
    queryFn: () => send<{ items: readonly VmMtu[] }>(`${subject.path}/mtu`),
    refetchInterval: REFRESH_MILLIS,
  });
  return (
    <Panel title={subject.name} testId="mtu">
      <p className="nv-quiet">{t.advice} <Link to={`/my/why?network=${subject.id}&size=1500&dontFragment=true`}>{t.try}</Link></p>
      {error && <Alert isInline variant="warning" title={text.failed(t.title)}>{error.message}</Alert>}
      {!data && !error && <Loading />}
      {data && data.items.length === 0 && <p data-testid="all-fit"><strong>{text.mtu.emptyTitle}.</strong> {text.mtu.emptyBody}</p>}
      {data && data.items.length > 0 && <DataTable label={t.title} columns={mtuColumns} rows={data.items} rowKey={vmKey} filter />}
    </Panel>
  );
}
