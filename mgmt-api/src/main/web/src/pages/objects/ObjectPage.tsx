import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Link, useParams } from 'react-router';
import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import type { AnyObject, Contract, KindInfo } from '../../form/contract';
import { childrenOf } from '../../form/fields';
import { kindInfo, useContract, useObject } from '../../form/kinds';
import { fieldLabel, formText, KindMany, KindOne } from '../../text/forms';
import { NotFoundPage } from '../NotFoundPage';
import { DeleteButton } from './DeleteButton';
import { HistoryPanel } from './HistoryPanel';
import { ReferenceName } from './ReferenceName';

/** One object: its fields, what can be made in it, its history. */
export default function ObjectPage() {
  const { kind = '', id = '' } = useParams();
  const contract = useContract();
  const { data: object, error } = useObject(kind, id);
  if (error) return <Alert isInline variant="danger" title={formText.loadFailed}>{error.message}</Alert>;
  if (!contract || !object) return <Loading />;
  const info = kindInfo(contract, kind);
  return info ? <View contract={contract} info={info} object={object} /> : <NotFoundPage />;
}

function View({ contract, info, object }: { contract: Contract; info: KindInfo; object: AnyObject }) {
  const may = useMay();
  return (
    <>
      <nav aria-label={KindMany(info.kind)} className="nv-crumbs"><Link to={`/fabric/${info.kind}`}>{KindMany(info.kind)}</Link></nav>
      <PageHeading title={object.name} subtitle={KindOne(info.kind)}>
        {may(info.may.update) && <Link className="pf-v6-c-button pf-m-secondary" to="edit">{formText.editButton}</Link>}
        {may(info.may.remove) && <DeleteButton contract={contract} kind={info.kind} object={object} to={`/fabric/${info.kind}`} />}
      </PageHeading>
      <Next contract={contract} info={info} object={object} />
      <Panel title={formText.properties} testId="properties">
        <dl className="nv-properties">
          {Object.entries(object).filter(([name]) => name !== 'name').map(([name, value]) => (
            <div key={name}>
              <dt>{fieldLabel(name)}</dt>
              <dd><ReferenceName field={name} value={value} /></dd>
            </div>
          ))}
        </dl>
      </Panel>
      <HistoryPanel info={info} object={object} />
    </>
  );
}

/** What is usually made in it next, with the reference to it filled in. */
function Next({ contract, info, object }: { contract: Contract; info: KindInfo; object: AnyObject }) {
  const may = useMay();
  const children = childrenOf(contract, info.kind).filter(({ kind }) => may(kind.may.create));
  if (children.length === 0) return null;
  return (
    <Panel title={formText.next} testId="next">
      <div className="nv-next-list">
        {children.map(({ kind, field }) => (
          <Link key={kind.kind} className="pf-v6-c-button pf-m-secondary pf-m-small" to={`/fabric/${kind.kind}/new?${field}=${object.id}`}>
            {formText.nextOne(kind.kind)}
          </Link>
        ))}
      </div>
    </Panel>
  );
}
