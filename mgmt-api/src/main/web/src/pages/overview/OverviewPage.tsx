import { lazy, Suspense } from 'react';
import { useLive } from '../../api/live';
import { Loading } from '../../components/Loading';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { text } from '../../text/en';
import { HealthCards } from './HealthCards';
import { NodesPanel } from './NodesPanel';
import { PortsPanel } from './PortsPanel';
import { TopTenants } from './TopTenants';
import { VsidsPanel } from './VsidsPanel';

// Charts and the texts of drops come after the numbers.
const ThroughputPanel = lazy(() => import('./ThroughputPanel'));
const DropsPanel = lazy(() => import('./DropsPanel'));

export default function OverviewPage() {
  const { overview, series, mode } = useLive();
  const heading = <PageHeading title={text.overview.title} subtitle={text.overview.subtitle} />;
  if (!overview) return <>{heading}{mode !== 'offline' && <Loading />}</>;
  const total = Object.values(overview.counts).reduce<number>((sum, n) => sum + (n ?? 0), 0);
  if (total === 0) {
    return (
      <>
        {heading}
        <NextStep title={text.empty.fabricTitle} body={text.empty.fabricBody} commands={[text.empty.demo, text.empty.curl]} />
      </>
    );
  }
  const reporting = overview.gateways.filter((gateway) => gateway.status);
  return (
    <>
      {heading}
      <HealthCards overview={overview} />
      {reporting.length === 0 ? (
        <NextStep
          title={text.empty.gatewayTitle}
          body={text.empty.gatewayBody}
          commands={[text.empty.demo]}
        />
      ) : (
        <>
          <div className="nv-overview">
            <div className="nv-overview__charts">
              {reporting.map((gateway) => (
                <Suspense key={gateway.id} fallback={<Loading />}><ThroughputPanel gateway={gateway} series={series.get(gateway.id)} /></Suspense>
              ))}
            </div>
            <div className="nv-pair">
              <TopTenants gateways={reporting} />
              <Suspense fallback={<Loading />}><DropsPanel gateways={reporting} series={series} /></Suspense>
            </div>
          </div>
          <VsidsPanel gateways={reporting} series={series} />
          <PortsPanel gateways={reporting} series={series} />
        </>
      )}
      <NodesPanel overview={overview} />
    </>
  );
}
