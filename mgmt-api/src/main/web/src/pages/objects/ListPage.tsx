import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Link, useParams } from 'react-router';
import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { kindInfo, useContract } from '../../form/kinds';
import { formText, KindMany } from '../../text/forms';
import { NotFoundPage } from '../NotFoundPage';
import { ObjectTable } from './ObjectTable';

/** All objects of one kind, page by page from the manager. */
export default function ListPage() {
  const { kind = '' } = useParams();
  const contract = useContract();
  const may = useMay();
  if (!contract) return <Loading />;
  const info = kindInfo(contract, kind);
  if (!info) return <NotFoundPage />;
  return (
    <>
      <PageHeading title={KindMany(kind)} subtitle={info.about}>
        {may(info.may.create) && <Link className="pf-v6-c-button pf-m-primary" to={`/fabric/${kind}/new`}>{formText.create(kind)}</Link>}
      </PageHeading>
      {!may(info.may.create) && !may(info.may.update) && <Alert isInline variant="info" title={formText.readOnly} />}
      <Panel title={KindMany(kind)} testId={`list-${kind}`}>
        <ObjectTable key={kind} info={info} />
      </Panel>
    </>
  );
}
