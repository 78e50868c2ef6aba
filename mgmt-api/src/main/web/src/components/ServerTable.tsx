import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { list, type ListPage } from '../api/list';
import { count } from '../domain/units';
import { formText } from '../text/forms';
import { type Column, DataTable } from './DataTable';
import { Loading } from './Loading';

const Pager = lazy(() => import('./Pager'));
const FIRST_PAGE = 25;

interface Props<T> {
  readonly label: string;
  readonly kind: string;
  readonly columns: readonly Column<T>[];
  /** What the list is filtered by besides. */
  readonly filter?: string;
  /** The filter for what somebody looks for, e.g. `name~web`; without it there is nothing to look by. */
  readonly find?: (text: string) => string;
  /** Parameter of the page's address that has what is looked for; so that several tables do not share one. */
  readonly parameter?: string;
  readonly findLabel?: string;
  /** Stands where rows would, if there is none and nobody looks for one. */
  readonly empty: ReactNode;
}

/** A table of one kind, of which this side has one page at a time: the manager filters and cuts, however many there are. */
export function ServerTable<T extends { readonly id: string }>({ label, kind, columns, filter, find, parameter = 'find', findLabel = formText.findName, empty }: Props<T>) {
  const [params, setParams] = useSearchParams();
  const wanted = params.get(parameter) ?? '';
  const [typed, setTyped] = useState(wanted);
  const [page, setPage] = useState(1);
  const [size, setSize] = useState(FIRST_PAGE);
  const terms = [filter, wanted !== '' && find ? find(wanted) : undefined].filter((term) => term !== undefined && term !== '').join(',');
  const query = { filter: terms === '' ? undefined : terms, limit: size, offset: (page - 1) * size };
  const { data, error } = useQuery({ queryKey: ['list', kind, query], queryFn: () => list<T>(kind, query), placeholderData: keepPreviousData });
  const look = (text: string) => {
    setPage(1);
    setParams((before) => {
      const next = new URLSearchParams(before);
      if (text === '') next.delete(parameter);
      else next.set(parameter, text);
      return next;
    }, { replace: true });
  };
  if (error) return <Alert isInline variant="danger" title={formText.loadFailed}>{error.message}</Alert>;
  if (!data) return <Loading />;
  if (data.total === 0 && wanted === '') return empty;
  const form = (
    <form
      className="nv-find" role="search"
      onSubmit={(event) => {
        event.preventDefault();
        look(typed.trim());
      }}
    >
      <TextInput type="search" aria-label={`${findLabel}: ${label}`} placeholder={findLabel} value={typed} onChange={(_event, text) => setTyped(text)} />
      <Button type="submit" variant="secondary">{formText.findButton}</Button>
      {wanted !== '' && <Button variant="link" onClick={() => { setTyped(''); look(''); }}>{formText.findAll}</Button>}
      <span className="nv-quiet" role="status">{formText.total(count(data.total))}</span>
    </form>
  );
  return (
    <>
      <DataTable label={label} columns={columns} rows={data.items} rowKey={(row) => row.id} controls={find && form} pageSizes={false} />
      <Pages data={data} page={page} size={size} onPage={setPage} onSize={(next) => { setSize(next); setPage(1); }} />
    </>
  );
}

interface PagesProps {
  readonly data: ListPage<unknown>;
  readonly page: number;
  readonly size: number;
  readonly onPage: (page: number) => void;
  readonly onSize: (size: number) => void;
}

/** The way through the pages, if there are several. */
export function Pages({ data, page, size, onPage, onSize }: PagesProps) {
  if (data.total <= FIRST_PAGE) return null;
  return <Suspense><Pager count={data.total} page={page} size={size} onPage={onPage} onSize={onSize} /></Suspense>;
}
