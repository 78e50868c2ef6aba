import { useMemo, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { ownPath } from '../../domain/ownPath';
import { announce, givable } from '../../form/changes';
import type { AnyObject, Contract, KindInfo } from '../../form/contract';
import { type Draft, mergePatch, pruned } from '../../form/draft';
import { formFields } from '../../form/fields';
import { KindForm } from '../../form/KindForm';
import { kindInfo, useContract, useObject } from '../../form/kinds';
import { formText, KindOne } from '../../text/forms';
import { NotFoundPage } from '../NotFoundPage';

/** Makes an object, or changes one that is there. */
export default function EditPage() {
  const { kind = '', id } = useParams();
  const contract = useContract();
  const object = useObject(kind, id);
  if (!contract || (id !== undefined && !object.data)) return <Loading />;
  const info = kindInfo(contract, kind);
  if (!info) return <NotFoundPage />;
  return object.data && id !== undefined ? <Change key={id} contract={contract} info={info} now={object.data} /> : <Create key={kind} contract={contract} info={info} />;
}

interface Props {
  readonly contract: Contract;
  readonly info: KindInfo;
}

function Create({ contract, info }: Props) {
  const navigate = useNavigate();
  const may = useMay();
  const [params] = useSearchParams();
  const from = ownPath(params.get('from'));
  const fields = useMemo(() => formFields(contract, info.create), [contract, info]);
  // What the page before knows already, e.g. in which network the subnet is to be.
  const initial = useMemo(() => given(fields.map((f) => f.name), params), [fields, params]);
  const done = (made: AnyObject) => {
    announce({ contract, kind: info.kind, title: formText.created(info.kind, made.name), after: made, byRevision: may('fabric-change') });
    void navigate(from ?? `/fabric/${info.kind}/${made.id}`);
  };
  return (
    <>
      <PageHeading title={formText.create(info.kind)} subtitle={info.about} />
      <KindForm
        kind={info.kind} fields={fields} initial={initial} submitLabel={formText.createButton(info.kind)}
        change={(draft) => ({ method: 'POST', path: info.kind, body: pruned(draft) ?? {} })}
        onDone={done} cancel={<Link className="pf-v6-c-button pf-m-link" to={from ?? `/fabric/${info.kind}`}>{formText.cancel}</Link>}
      />
    </>
  );
}

function given(names: readonly string[], params: URLSearchParams): Draft {
  const entries = names.filter((name) => params.has(name)).map((name) => {
    const value = params.get(name) ?? '';
    return [name, name.endsWith('Ids') ? [value] : value] as const;
  });
  return Object.fromEntries(entries);
}

function Change({ contract, info, now }: Props & { readonly now: AnyObject }) {
  // As it was when the form was opened: what somebody else changes meanwhile is not overwritten, but refused (If-Match).
  const [object] = useState(now);
  const navigate = useNavigate();
  const may = useMay();
  const fields = useMemo(() => formFields(contract, info.update), [contract, info]);
  const initial = useMemo(() => givable(contract, info.update, object), [contract, info, object]);
  const here = `/fabric/${info.kind}/${object.id}`;
  const done = (made: AnyObject) => {
    announce({ contract, kind: info.kind, title: formText.saved(made.name), before: object, after: made, byRevision: may('fabric-change') });
    void navigate(here);
  };
  return (
    <>
      <PageHeading title={formText.edit(object.name)} subtitle={KindOne(info.kind)} />
      <KindForm
        kind={info.kind} fields={fields} initial={initial} submitLabel={formText.save}
        change={(draft) => {
          const body = mergePatch(initial, draft);
          return body && { method: 'PATCH', path: `${info.kind}/${object.id}`, body, version: object.changedRevision };
        }}
        onDone={done} cancel={<Link className="pf-v6-c-button pf-m-link" to={here}>{formText.cancel}</Link>}
      />
    </>
  );
}
