import { useMemo } from 'react';
import { useLive } from '../../api/live';
import { useObjects } from '../../api/objects';
import { Loading } from '../../components/Loading';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { indexFabric } from '../../domain/fabricIndex';
import { text } from '../../text/en';
import { DropsPanel } from './DropsPanel';
import { HealthCards } from './HealthCards';
import { NodesPanel } from './NodesPanel';
import { PortsPanel } from './PortsPanel';
import { ThroughputPanel } from './ThroughputPanel';
import { VsidsPanel } from './VsidsPanel';

export function OverviewPage() {
  const { overview, series, mode } = useLive();
  const objects = useObjects();
  const index = useMemo(() => objects && indexFabric(objects), [objects]);
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
                <ThroughputPanel key={gateway.id} gateway={gateway} series={series.get(gateway.id)} />
              ))}
            </div>
            <DropsPanel gateways={reporting} series={series} />
          </div>
          <VsidsPanel gateways={reporting} series={series} index={index} />
          <PortsPanel gateways={reporting} series={series} />
        </>
      )}
      <NodesPanel overview={overview} />
    </>
  );
}
