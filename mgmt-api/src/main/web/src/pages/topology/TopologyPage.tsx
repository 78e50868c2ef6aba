import { Drawer, DrawerContent, DrawerContentBody } from '@patternfly/react-core/dist/esm/components/Drawer';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useLive } from '../../api/live';
import { NextStep } from '../../components/NextStep';
import { useMedia } from '../../components/useMedia';
import { WithFabric } from '../../components/WithFabric';
import type { FabricIndex } from '../../domain/fabricIndex';
import { buildTopology } from '../../domain/topology';
import { text } from '../../text/en';
import { Canvas } from './Canvas';
import { Details } from './Details';
import { Legend } from './Legend';

export default function TopologyPage() {
  const t = text.topology;
  return (
    <WithFabric title={t.title} subtitle={t.subtitle}>
      {(index) =>
        index.objects.logicalNetworks.length === 0 ? (
          <NextStep title={text.empty.fabricTitle} body={text.empty.fabricBody} commands={[text.empty.demo, text.empty.curl]} />
        ) : (
          <Picture index={index} />
        )
      }
    </WithFabric>
  );
}

/** Selection and highlighted VM network live in the address, so that a view can be sent to a colleague. */
function Picture({ index }: { index: FabricIndex }) {
  const { overview } = useLive();
  const [params, setParams] = useSearchParams();
  const wide = useMedia('(min-width: 75rem)');
  const topology = useMemo(() => buildTopology(index, overview), [index, overview]);
  const selected = topology.nodes.find((node) => node.id === params.get('selected'));
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
      <Legend tenants={index.tenants} chosen={tenant} onChoose={(id) => set('tenant', id)} />
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
