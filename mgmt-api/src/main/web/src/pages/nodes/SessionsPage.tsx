import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { text } from '../../text/en';
import { SessionBrowser } from '../live/SessionBrowser';
import { useGatewaySubject } from '../live/useSubject';

/** The sessions of a gateway. */
export default function SessionsPage() {
  const t = text.sessions;
  const { subject, chooser, loading } = useGatewaySubject();
  const may = useMay();
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle}>{chooser}</PageHeading>
      {loading && <Loading />}
      {!loading && !subject && <NextStep title={text.empty.gatewayTitle} body={text.empty.gatewayBody} commands={[text.empty.demo]} />}
      {subject && (
        <Panel title={`${text.kinds.gateway} ${subject.name}`} testId="sessions">
          <SessionBrowser key={subject.path} path={subject.path} mayEnd={may('fabric-change')} />
        </Panel>
      )}
    </>
  );
}
