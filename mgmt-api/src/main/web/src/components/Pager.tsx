import { Pagination } from '@patternfly/react-core/dist/esm/components/Pagination';

const SIZES = [25, 50, 100, 250].map((value) => ({ title: String(value), value }));

interface Props {
  readonly count: number;
  readonly page: number;
  readonly size: number;
  readonly onPage: (page: number) => void;
  readonly onSize: (size: number) => void;
}

/** Loaded only with the first table that needs it. */
export default function Pager({ count, page, size, onPage, onSize }: Props) {
  return (
    <Pagination
      itemCount={count}
      page={page}
      perPage={size}
      perPageOptions={SIZES}
      onSetPage={(_event, next) => onPage(next)}
      onPerPageSelect={(_event, next) => onSize(next)}
      isCompact
    />
  );
}
