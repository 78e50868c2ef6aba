import { type ReactNode, useMemo } from 'react';
import { useObjects } from '../api/objects';
import { type FabricIndex, indexFabric } from '../domain/fabricIndex';
import { Loading } from './Loading';
import { PageHeading } from './PageHeading';

interface Props {
  readonly title: string;
  readonly subtitle: string;
  readonly controls?: ReactNode;
  readonly children: (index: FabricIndex) => ReactNode;
}

/** A page over the fabric's objects: heading at once, content as soon as they are loaded. */
export function WithFabric({ title, subtitle, controls, children }: Props) {
  const objects = useObjects();
  const index = useMemo(() => objects && indexFabric(objects), [objects]);
  return (
    <>
      <PageHeading title={title} subtitle={subtitle}>
        {controls}
      </PageHeading>
      {index ? children(index) : <Loading />}
    </>
  );
}
