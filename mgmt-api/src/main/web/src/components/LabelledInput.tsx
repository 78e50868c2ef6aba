import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useId } from 'react';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly type?: 'text' | 'number';
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly onChange: (value: string) => void;
}

/** A labelled text of a filter or a question. */
export function LabelledInput({ label, value, type = 'text', placeholder, required = false, onChange }: Props) {
  const id = useId();
  return (
    <div className="nv-chooser">
      <label htmlFor={id}>{label}</label>
      <TextInput id={id} type={type} value={value} placeholder={placeholder} isRequired={required} spellCheck={false} autoComplete="off" onChange={(_event, typed) => onChange(typed)} />
    </div>
  );
}
