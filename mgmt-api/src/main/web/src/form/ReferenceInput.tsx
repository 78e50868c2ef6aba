import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { Link } from 'react-router';
import { ObjectPicker } from '../components/ObjectPicker';
import { formText } from '../text/forms';
import { helpId } from './FieldRow';
import type { InputProps } from './inputs';
import { CHOICES_MAX, useChoices } from './kinds';

/** Chooses an object of another kind by its name: from a list, or where there are too many for one, by a part of it. */
export function ReferenceInput(props: InputProps) {
  const { id, field, value, wrong, label, onChange } = props;
  const { data } = useChoices(field.target ?? '');
  if (data && data.total > CHOICES_MAX) {
    return <ObjectPicker id={id} kind={field.target ?? ''} label={label} describedBy={helpId(id)} value={typeof value === 'string' && value !== '' ? value : undefined} total={data.total} onChoose={onChange} />;
  }
  const target = field.target ?? '';
  const items = data?.items ?? [];
  const none = data && items.length === 0 ? formText.noneThere(target) : field.required ? formText.choose : formText.notChosen;
  return (
    <>
      <FormSelect
        id={id} aria-label={label} aria-describedby={helpId(id)} isRequired={field.required} validated={wrong ? 'error' : 'default'}
        value={typeof value === 'string' ? value : ''} onChange={(_event, chosen) => onChange(chosen === '' ? undefined : chosen)}
      >
        <FormSelectOption value="" label={none} />
        {items.map((item) => <FormSelectOption key={item.id} value={item.id} label={item.name} />)}
      </FormSelect>
      {field.required && data && items.length === 0 && <Link to={`/fabric/${target}/new`}>{formText.makeOne(target)}</Link>}
    </>
  );
}
