import '@patternfly/react-styles/css/components/Table/table.css';
import '@patternfly/react-styles/css/components/Table/table-grid.css';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { text } from '../text/en';
import { ColumnHead, type Sort } from './ColumnHead';

const Pager = lazy(() => import('./Pager'));

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Sorts and filters by it; a column without cannot be sorted. */
  readonly value?: (row: Row) => string | number | undefined;
  /** Numbers stand right, in figures of one width. */
  readonly numeric?: boolean;
}

interface Props<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly filter?: boolean;
  readonly controls?: ReactNode;
  /** False: all rows that are given are shown, somebody else pages. */
  readonly pageSizes?: boolean;
}

const FIRST_PAGE = 50;

/**
 * A table that sorts, filters and pages on this side; on a phone each row becomes a small card. Plain elements with
 * PatternFly's classes: its table component brings menus and pop-ups that none of ours has, and a third of the first load.
 */
export function DataTable<Row>({ label, columns, rows, rowKey, filter, controls, pageSizes = true }: Props<Row>) {
  const [sort, setSort] = useState<Sort>();
  const [needle, setNeedle] = useState('');
  const [page, setPage] = useState(1);
  const [pageSize, setPageSize] = useState(FIRST_PAGE);
  const found = useMemo(() => select(rows, columns, needle, sort), [rows, columns, needle, sort]);
  const lastPage = Math.max(1, Math.ceil(found.length / pageSize));
  const shownPage = Math.min(page, lastPage);
  const shown = pageSizes ? found.slice((shownPage - 1) * pageSize, shownPage * pageSize) : found;
  return (
    <>
      {(filter || controls) && (
        <div className="nv-table-tools">
          {filter && (
            <TextInput
              type="search"
              className="nv-search"
              aria-label={`${text.filter.label}: ${label}`}
              placeholder={text.filter.placeholder}
              value={needle}
              onChange={(_event, value) => setNeedle(value)}
            />
          )}
          {needle && (
            <span className="nv-quiet" role="status">
              {text.filter.shown(found.length, rows.length)}
            </span>
          )}
          {controls}
        </div>
      )}
      <div className="nv-scroll">
        <table className="pf-v6-c-table pf-m-compact pf-m-grid-md nv-table" aria-label={label}>
          <thead className="pf-v6-c-table__thead">
            <tr className="pf-v6-c-table__tr">
              {columns.map((column, index) => (
                <ColumnHead key={column.id} column={column} index={index} sort={sort} onSort={setSort} />
              ))}
            </tr>
          </thead>
          <tbody className="pf-v6-c-table__tbody">
            {shown.map((row) => (
              <tr key={rowKey(row)} className="pf-v6-c-table__tr" data-row={rowKey(row)}>
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={`pf-v6-c-table__td ${column.numeric ? 'nv-num' : ''}`}
                    data-label={column.title}
                    data-column={column.id}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
            {shown.length === 0 && (
              <tr className="pf-v6-c-table__tr">
                <td className="pf-v6-c-table__td" colSpan={columns.length}>
                  {text.filter.none}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {pageSizes && (found.length > pageSize || pageSize !== FIRST_PAGE) ? (
        <Suspense>
          <Pager count={found.length} page={shownPage} size={pageSize} onPage={setPage} onSize={setPageSize} />
        </Suspense>
      ) : null}
    </>
  );
}

function select<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  needle: string,
  sort: Sort | undefined,
): readonly Row[] {
  const wanted = needle.trim().toLowerCase();
  const found = wanted
    ? rows.filter((row) => columns.some((c) => String(c.value?.(row) ?? '').toLowerCase().includes(wanted)))
    : rows;
  const value = sort && columns[sort.column]?.value;
  if (!sort || !value) return found;
  const sign = sort.direction === 'asc' ? 1 : -1;
  return [...found].sort((a, b) => sign * compare(value(a), value(b)));
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true });
}
