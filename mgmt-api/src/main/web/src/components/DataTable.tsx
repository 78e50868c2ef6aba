import { SearchInput } from '@patternfly/react-core/dist/esm/components/SearchInput';
import { Pagination } from '@patternfly/react-core/dist/esm/components/Pagination';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { type ReactNode, useMemo, useState } from 'react';
import { text } from '../text/en';

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
  readonly rowClass?: (row: Row) => string | undefined;
  readonly filter?: boolean;
  readonly controls?: ReactNode;
}

interface Sort {
  readonly column: number;
  readonly direction: 'asc' | 'desc';
}

const PAGE_SIZES = [25, 50, 100, 250].map((value) => ({ title: String(value), value }));

/** A table that sorts, filters and pages on this side; on a phone each row becomes a small card. */
export function DataTable<Row>({ label, columns, rows, rowKey, rowClass, filter, controls }: Props<Row>) {
  const [sort, setSort] = useState<Sort>();
  const [needle, setNeedle] = useState('');
  const [page, setPage] = useState(1);
  const [pageSize, setPageSize] = useState(50);
  const found = useMemo(() => select(rows, columns, needle, sort), [rows, columns, needle, sort]);
  const lastPage = Math.max(1, Math.ceil(found.length / pageSize));
  const shownPage = Math.min(page, lastPage);
  const shown = found.slice((shownPage - 1) * pageSize, shownPage * pageSize);
  return (
    <>
      {(filter || controls) && (
        <div className="nv-table-tools">
          {filter && (
            <SearchInput
              aria-label={`${text.filter.label}: ${label}`}
              placeholder={text.filter.placeholder}
              value={needle}
              resultsCount={needle ? text.filter.shown(found.length, rows.length) : undefined}
              onChange={(_event, value) => setNeedle(value)}
              onClear={() => setNeedle('')}
            />
          )}
          {controls}
        </div>
      )}
      <div className="nv-scroll">
        <Table aria-label={label} variant="compact" gridBreakPoint="grid-md" className="nv-table">
          <Thead>
            <Tr>
              {columns.map((column, index) => (
                <Th
                  key={column.id}
                  className={column.numeric ? 'nv-num' : undefined}
                  sort={column.value && {
                    columnIndex: index,
                    sortBy: { index: sort?.column, direction: sort?.direction, defaultDirection: 'asc' },
                    onSort: (_event, column, direction) => setSort({ column, direction }),
                  }}
                >
                  {column.title}
                </Th>
              ))}
            </Tr>
          </Thead>
          <Tbody>
            {shown.map((row) => (
              <Tr key={rowKey(row)} className={rowClass?.(row)} data-row={rowKey(row)}>
                {columns.map((column) => (
                  <Td key={column.id} dataLabel={column.title} className={column.numeric ? 'nv-num' : undefined} data-column={column.id}>
                    {column.cell(row)}
                  </Td>
                ))}
              </Tr>
            ))}
            {shown.length === 0 && (
              <Tr>
                <Td colSpan={columns.length}>{text.filter.none}</Td>
              </Tr>
            )}
          </Tbody>
        </Table>
      </div>
      {found.length > PAGE_SIZES[0]!.value && (
        <Pagination
          itemCount={found.length}
          page={shownPage}
          perPage={pageSize}
          perPageOptions={PAGE_SIZES}
          onSetPage={(_event, next) => setPage(next)}
          onPerPageSelect={(_event, next) => setPageSize(next)}
          isCompact
        />
      )}
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
