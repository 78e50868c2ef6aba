import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { useId } from 'react';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

/** A labelled choice among a few. */
export function Chooser({ label, value, choices, onChange }: Props) {
  const id = useId();
  return (
    <div className="nv-chooser">
      <label htmlFor={id}>{label}</label>
      <FormSelect id={id} value={value} onChange={(_event, chosen) => onChange(chosen)}>
        {choices.map(([choice, name]) => <FormSelectOption key={choice} value={choice} label={name} />)}
      </FormSelect>
    </div>
  );
}
