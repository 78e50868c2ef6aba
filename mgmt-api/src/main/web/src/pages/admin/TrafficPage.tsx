import { Loading } from '../../components/Loading';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { text } from '../../text/en';
import { liveText } from '../../text/live';
import { AclHits } from '../live/AclHits';
import { DropsTable } from '../live/DropsTable';
import { TopTable } from '../live/TopTable';
import { useGatewaySubject } from '../live/useSubject';

/** Top talkers, drops per network and hits of access rules at a gateway. */
export default function TrafficPage() {
  const { subject, chooser, loading } = useGatewaySubject();
  return (
    <>
      <PageHeading title={liveText.traffic.title} subtitle={liveText.traffic.subtitle}>{chooser}</PageHeading>
      {loading && <Loading />}
      {!loading && !subject && <NextStep title={text.empty.gatewayTitle} body={text.empty.gatewayBody} commands={[text.empty.demo]} />}
      {subject && (
        <>
          <TopTable path={subject.path} choices={['network', 'vm', 'rule']} />
          <AclHits path={subject.path} />
          <DropsTable path={subject.path} />
        </>
      )}
    </>
  );
}
