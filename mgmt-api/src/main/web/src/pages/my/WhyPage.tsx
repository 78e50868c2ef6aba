import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { liveText } from '../../text/live';
import { DropsTable } from '../live/DropsTable';
import { TraceForm } from '../live/TraceForm';
import { useNetworkSubject } from '../live/useSubject';
import { NoNetworks } from './NoNetworks';

export default function WhyPage() {
  const t = liveText.trace;
  const { subject, chooser, loading } = useNetworkSubject();
  const may = useMay();
  return (
    <>
      <PageHeading title={t.why} subtitle={t.whySubtitle}>{chooser}</PageHeading>
      {loading && <Loading />}
      {!loading && !subject && <NoNetworks />}
      {subject && (
        <>
          <Panel title={subject.name} testId="trace"><TraceForm key={subject.path} path={subject.path} mayCapture={may('tenant-change')} /></Panel>
          <DropsTable path={subject.path} />
        </>
      )}
    </>
  );
}
