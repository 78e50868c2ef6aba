import { Drawer, DrawerContent, DrawerContentBody } from '@patternfly/react-core/dist/esm/components/Drawer';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { fabricAround } from '../../api/around';
import { useLive } from '../../api/live';
import { NextStep } from '../../components/NextStep';
import { useMedia } from '../../components/useMedia';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { type FabricIndex, indexFabric } from '../../domain/fabricIndex';
import { buildTopology, MAX_HOSTS, MAX_SINGLE_VMS } from '../../domain/topology';
import { count } from '../../domain/units';
import { text } from '../../text/en';
import { Canvas } from './Canvas';
import { Details } from './Details';
import { Legend } from './Legend';

/** Machines and networks, and as many VMs as a picture has room for: of the VM network or host that is chosen, if there are more. */
export default function TopologyPage() {
  const t = text.topology;
  const [params] = useSearchParams();
  const selected = params.get('selected') ?? '';
  const focus = { network: params.get('tenant') ?? undefined, host: /^(host|vmGroup):([^/]+)/.exec(selected)?.[2] };
  const { data } = useQuery({ queryKey: ['list', 'picture', focus], queryFn: () => fabricAround(focus, MAX_SINGLE_VMS), placeholderData: keepPreviousData });
  const index = useMemo(() => data && indexFabric(data.objects), [data]);
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      {!index || !data ? <Loading /> : index.objects.logicalNetworks.length === 0 ? (
        <NextStep title={text.empty.fabricTitle} body={text.empty.fabricBody} commands={[text.empty.demo, text.empty.curl]} />
      ) : (
        <>
          {index.objects.vmsTotal > MAX_SINGLE_VMS && <p className="nv-quiet" data-testid="vms-cut">{t.many(count(index.objects.vmsTotal))}</p>}
          {index.objects.hosts.length > MAX_HOSTS && (
            <p className="nv-quiet" data-testid="hosts-cut">{t.manyHosts(count(index.objects.hosts.length))} <Link to="/fabric/hosts">{t.allHosts}</Link></p>
          )}
          <Picture index={index} networks={data.total} />
        </>
      )}
    </>
  );
}

/** Selection and highlighted VM network live in the address, so that a view can be sent to a colleague. */
function Picture({ index, networks }: { index: FabricIndex; networks: number }) {
  const { overview } = useLive();
  const [params, setParams] = useSearchParams();
  const wide = useMedia('(min-width: 75rem)');
  const chosen = params.get('selected') ?? undefined;
  const topology = useMemo(() => buildTopology(index, overview, chosen), [index, overview, chosen]);
  const selected = topology.nodes.find((node) => node.id === chosen);
  const tenant = params.get('tenant') ?? undefined;
  const set = (name: string, value: string | undefined) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === undefined) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <div className="nv-topology">
      <Legend tenants={index.tenants} total={networks} chosen={tenant} onChoose={(id) => set('tenant', id)} />
      <Drawer isExpanded={selected !== undefined} isInline={wide} className="nv-topology__drawer">
        <DrawerContent panelContent={selected && <Details key={selected.id} node={selected} index={index} onClose={() => set('selected', undefined)} />}>
          <DrawerContentBody className="nv-topology__canvas">
            <Canvas topology={topology} tenant={tenant} selected={selected?.id} onSelect={(id) => set('selected', id)} />
          </DrawerContentBody>
        </DrawerContent>
      </Drawer>
    </div>
  );
}
