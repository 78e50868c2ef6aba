import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { liveText } from '../../text/live';
import { SessionBrowser } from '../live/SessionBrowser';
import { useNetworkSubject } from '../live/useSubject';
import { NoNetworks } from './NoNetworks';

export default function MySessionsPage() {
  const t = liveText.sessions;
  const { subject, chooser, loading } = useNetworkSubject();
  const may = useMay();
  return (
    <>
      <PageHeading title={t.mine} subtitle={t.mineSubtitle}>{chooser}</PageHeading>
      {loading && <Loading />}
      {!loading && !subject && <NoNetworks />}
      {subject && <Panel title={subject.name} testId="sessions"><SessionBrowser key={subject.path} path={subject.path} mayEnd={may('tenant-change')} /></Panel>}
    </>
  );
}
