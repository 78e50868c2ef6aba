import LongArrowAltDownIcon from '@patternfly/react-icons/dist/esm/icons/long-arrow-alt-down-icon';
import LongArrowAltUpIcon from '@patternfly/react-icons/dist/esm/icons/long-arrow-alt-up-icon';
import ArrowsAltVIcon from '@patternfly/react-icons/dist/esm/icons/arrows-alt-v-icon';

export interface Sort {
  readonly column: number;
  readonly direction: 'asc' | 'desc';
}

interface Props {
  readonly column: { readonly title: string; readonly numeric?: boolean; readonly value?: unknown };
  readonly index: number;
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort) => void;
}

const ARIA = { asc: 'ascending', desc: 'descending' } as const;

/** Head of a column; a button that sorts by it where the column has a value to sort by. */
export function ColumnHead({ column, index, sort, onSort }: Props) {
  const mine = sort?.column === index ? sort.direction : undefined;
  const classes = ['pf-v6-c-table__th', column.numeric && 'nv-num', column.value !== undefined && 'pf-v6-c-table__sort', mine && 'pf-m-selected'];
  const Icon = mine === 'asc' ? LongArrowAltUpIcon : mine === 'desc' ? LongArrowAltDownIcon : ArrowsAltVIcon;
  return (
    <th scope="col" className={classes.filter(Boolean).join(' ')} aria-sort={mine ? ARIA[mine] : undefined}>
      {column.value === undefined ? (
        column.title
      ) : (
        <button
          type="button"
          className="pf-v6-c-table__button"
          onClick={() => onSort({ column: index, direction: mine === 'asc' ? 'desc' : 'asc' })}
        >
          <span className="pf-v6-c-table__button-content">
            <span className="pf-v6-c-table__text">{column.title}</span>
            <span className="pf-v6-c-table__sort-indicator" aria-hidden="true">
              <Icon />
            </span>
          </span>
        </button>
      )}
    </th>
  );
}
