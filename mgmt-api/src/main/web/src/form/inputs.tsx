import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextArea } from '@patternfly/react-core/dist/esm/components/TextArea';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { choiceLabel, EXAMPLES, formText } from '../text/forms';
import { helpId } from './FieldRow';
import type { Field } from './fields';
import { ReferenceInput } from './ReferenceInput';

export interface InputProps {
  readonly id: string;
  readonly field: Field;
  readonly value: unknown;
  readonly wrong: boolean;
  readonly label?: string;
  readonly onChange: (value: unknown) => void;
}

const asText = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** The input of one value. */
export function ScalarInput(props: InputProps) {
  switch (props.field.input) {
    case 'choice':
      return <Choice {...props} choices={props.field.choices ?? []} named={choiceLabel} />;
    case 'boolean':
      return <YesNo {...props} />;
    case 'reference':
      return <ReferenceInput {...props} />;
    case 'number':
      return <Text {...props} number />;
    case 'labels':
      return <LabelsInput {...props} />;
    default:
      return <Text {...props} />;
  }
}

function Text({ id, field, value, wrong, label, onChange, number = false }: InputProps & { readonly number?: boolean }) {
  const initial = asText(field.initial);
  return (
    <TextInput
      id={id}
      type={number ? 'number' : 'text'}
      aria-label={label}
      aria-describedby={helpId(id)}
      isRequired={field.required}
      validated={wrong ? 'error' : 'default'}
      value={asText(value)}
      placeholder={initial || (EXAMPLES[field.named ?? ''] && `${EXAMPLES[field.named ?? '']}`)}
      min={field.minimum}
      max={field.maximum}
      autoComplete="off"
      spellCheck={false}
      onChange={(_event, typed) => onChange(number && typed !== '' ? Number(typed) : typed)}
    />
  );
}

function Choice({ id, field, value, wrong, label, onChange, choices, named }: InputProps & { readonly choices: readonly string[]; readonly named: (choice: string) => string }) {
  const initial = asText(field.initial);
  const none = initial ? formText.byDefault(named(initial)) : field.required ? formText.choose : formText.notChosen;
  return (
    <FormSelect
      id={id} aria-label={label} aria-describedby={helpId(id)} isRequired={field.required} validated={wrong ? 'error' : 'default'} value={asText(value)}
      onChange={(_event, chosen) => onChange(chosen === '' ? undefined : chosen)}
    >
      <FormSelectOption value="" label={none} />
      {choices.map((choice) => <FormSelectOption key={choice} value={choice} label={named(choice)} />)}
    </FormSelect>
  );
}

function YesNo(props: InputProps) {
  const { value, field, onChange } = props;
  const words = { true: formText.yes, false: formText.no };
  return (
    <Choice
      {...props}
      field={{ ...field, initial: field.initial === undefined ? 'false' : String(field.initial) }}
      value={value === undefined ? '' : String(value)}
      choices={['true', 'false']}
      named={(choice) => words[choice as 'true' | 'false']}
      onChange={(chosen) => onChange(chosen === undefined ? undefined : chosen === 'true')}
    />
  );
}

/** Labels are typed as lines; a line without `=` waits for the rest of it as a label without a value. */
function LabelsInput({ id, value, wrong, onChange }: InputProps) {
  const lines = Object.entries((value ?? {}) as Record<string, string>).map(([name, text]) => (text === '' ? name : `${name}=${text}`));
  const parse = (typed: string) =>
    Object.fromEntries(typed.split('\n').filter((line) => line !== '').map((line) => [line.split('=')[0] ?? '', line.split('=').slice(1).join('=')]));
  return (
    <TextArea
      id={id} aria-describedby={helpId(id)} placeholder={formText.labelsHint} rows={2} validated={wrong ? 'error' : 'default'}
      defaultValue={lines.join('\n')} onChange={(_event, typed) => onChange(parse(typed))}
    />
  );
}
