import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { filterValue } from '../api/list';
import { type Found, useById } from '../api/lookups';
import { send } from '../api/send';
import { count } from '../domain/units';
import { formText } from '../text/forms';

const SHOWN = 20;
const TYPING_MILLIS = 200;

interface Props {
  readonly id: string;
  readonly kind: string;
  readonly value: string | undefined;
  readonly total: number;
  readonly label?: string;
  readonly describedBy?: string;
  readonly onChoose: (id: string | undefined) => void;
}

interface Names {
  readonly items: readonly Pick<Found, 'id' | 'name'>[];
}

const namesLike = (kind: string, typed: string): Promise<Names> =>
  send(`select/${kind}`, { query: { fields: 'id,name', sort: 'name', limit: SHOWN, filter: typed === '' ? undefined : `name~${filterValue(typed)}` } });

/** Chooses one of very many objects: what is typed is looked for by the manager, which offers the first that fit. */
export function ObjectPicker({ id, kind, value, total, label, describedBy, onChoose }: Props) {
  const options = useId();
  const chosen = useById(kind, value);
  const [typed, setTyped] = useState<string>();
  const [asked, setAsked] = useState('');
  const shown = typed ?? chosen?.name ?? '';
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed?.trim() ?? ''), TYPING_MILLIS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data } = useQuery({ queryKey: ['list', 'names', kind, asked], queryFn: () => namesLike(kind, asked), placeholderData: keepPreviousData });
  const take = (text: string) => {
    setTyped(text);
    const hit = data?.items.find(({ name }) => name === text);
    if (hit) onChoose(hit.id);
    else if (text === '') onChoose(undefined);
  };
  // Typed without waiting for what is offered: the manager knows whether there is one.
  const settle = async () => {
    if (typed === undefined || typed === '') return;
    const { items } = await namesLike(kind, typed.trim());
    const hit = items.find(({ name }) => name === typed.trim());
    onChoose(hit?.id);
    if (hit) setTyped(undefined);
  };
  const missing = typed !== undefined && typed !== '' && value === undefined && asked === typed.trim() && data?.items.length === 0;
  return (
    <>
      <TextInput
        id={id} type="search" list={options} aria-label={label} aria-describedby={describedBy} autoComplete="off" value={shown}
        placeholder={formText.tooMany(count(total))} validated={missing ? 'error' : 'default'}
        onChange={(_event, text) => take(text)} onBlur={() => void settle()}
      />
      <datalist id={options}>{data?.items.map((item) => <option key={item.id} value={item.name} />)}</datalist>
      {missing && <span role="status">{formText.noSuch(kind, typed)}</span>}
    </>
  );
}
