import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { networksAround } from '../../api/around';
import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { Pages } from '../../components/ServerTable';
import { indexFabric } from '../../domain/fabricIndex';
import { text } from '../../text/en';
import { myText as t } from '../../text/my';
import { NetworkPicture } from './NetworkPicture';
import { NoNetworks } from './NoNetworks';

const FIRST_PAGE = 25;

/** A tenant's first page: all networks, each as a picture. */
export default function MyNetworksPage() {
  const may = useMay();
  const [page, setPage] = useState(1);
  const [size, setSize] = useState(FIRST_PAGE);
  const query = { limit: size, offset: (page - 1) * size };
  const { data, error } = useQuery({ queryKey: ['list', 'around', query], queryFn: () => networksAround(query, may('fabric-read')), placeholderData: keepPreviousData });
  const index = useMemo(() => data && indexFabric(data.objects), [data]);
  const create = may('tenant-manage') && <Link className="pf-v6-c-button pf-m-primary" to="/my/networks/new">{t.create}</Link>;
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle}>{create}</PageHeading>
      {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
      {!data && !error && <Loading />}
      {data?.total === 0 && <NoNetworks />}
      {index?.tenants.map((tenant) => (
        <Panel
          key={tenant.network.id}
          testId="my-network"
          title={<Link to={`/my/networks/${tenant.network.id}`}>{tenant.network.name}</Link>}
          actions={<Link aria-label={`${t.details}: ${tenant.network.name}`} to={`/my/networks/${tenant.network.id}`}>{t.details}</Link>}
        >
          <NetworkPicture tenant={tenant} index={index} />
        </Panel>
      ))}
      {data && <Pages data={{ items: [], total: data.total }} page={page} size={size} onPage={setPage} onSize={(next) => { setSize(next); setPage(1); }} />}
    </>
  );
}
