import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { FormFieldGroup, FormFieldGroupHeader } from '@patternfly/react-core/dist/esm/components/Form';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import TrashIcon from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { fieldLabel, formText } from '../text/forms';
import { type Draft, valueAt, withValue } from './draft';
import { FieldRow } from './FieldRow';
import type { Field } from './fields';
import { ScalarInput } from './inputs';

export interface FormState {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** What the manager refused, by the path of the field. */
  readonly wrong: ReadonlyMap<string, string>;
}

interface Props extends FormState {
  readonly fields: readonly Field[];
  /** Of the group they stand in, with its dot; empty at the top. */
  readonly at?: string;
}

const idOf = (path: string): string => `field-${path.replace(/[.[\]]+/g, '-')}`;

/** Fields one below the other; groups and lists bring their own. */
export function FieldSet({ fields, at = '', ...state }: Props) {
  return fields.map((field) => <AnyField key={field.name} field={field} path={at + field.name} {...state} />);
}

function AnyField({ field, path, ...state }: FormState & { readonly field: Field; readonly path: string }) {
  if (field.input === 'list') return <ListField field={field} path={path} {...state} />;
  const id = idOf(path);
  const label = fieldLabel(field.name);
  if (field.input === 'group') {
    return (
      <FormFieldGroup header={<FormFieldGroupHeader titleText={{ text: label, id }} titleDescription={state.wrong.get(path) ?? field.help} />}>
        <FieldSet fields={field.fields ?? []} at={`${path}.`} {...state} />
      </FormFieldGroup>
    );
  }
  const wrong = state.wrong.get(path);
  return (
    <FieldRow id={id} label={label} required={field.required} help={field.help} wrong={wrong}>
      <ScalarInput
        id={id} field={field} value={valueAt(state.draft, path)} wrong={wrong !== undefined}
        onChange={(value) => state.onChange(withValue(state.draft, path, value))}
      />
    </FieldRow>
  );
}

/** Any number of values or groups, each with a button that removes it. */
function ListField({ field, path, ...state }: FormState & { readonly field: Field; readonly path: string }) {
  const items = (valueAt(state.draft, path) ?? []) as readonly unknown[];
  const label = fieldLabel(field.name);
  const set = (next: readonly unknown[]) => state.onChange(withValue(state.draft, path, next));
  const item = field.item;
  if (!item) return null;
  const empty = item.input === 'group' ? {} : '';
  const removal = (index: number) => (
    <Button
      variant="plain" icon={<TrashIcon />} aria-label={formText.remove(label, index + 1)}
      onClick={() => set(items.filter((_item, other) => other !== index))}
    />
  );
  return (
    <FormFieldGroup
      className="nv-list-field"
      header={
        <FormFieldGroupHeader
          titleText={{ text: label, id: idOf(path) }}
          titleDescription={state.wrong.get(path) ?? field.help}
          actions={
            <Button variant="link" size="sm" icon={<PlusCircleIcon />} onClick={() => set([...items, empty])} id={`${idOf(path)}-add`}>
              {formText.add(label)}
            </Button>
          }
        />
      }
    >
      {items.map((value, index) => {
        const at = `${path}[${index}]`;
        const id = idOf(at);
        const wrong = state.wrong.get(at);
        return item.input === 'group' ? (
          <div key={at} className="nv-list-group" role="group" aria-label={`${label} ${index + 1}`}>
            <div className="nv-list-group__head">
              <strong>{`${label} ${index + 1}`}</strong>
              {removal(index)}
            </div>
            {wrong && <p className="nv-bad">{wrong}</p>}
            <FieldSet fields={item.fields ?? []} at={`${at}.`} {...state} />
          </div>
        ) : (
          <div key={at}>
            <div className="nv-list-row">
              <ScalarInput
                id={id} field={item} value={value} wrong={wrong !== undefined} label={`${label} ${index + 1}`}
                onChange={(next) => set(items.map((old, other) => (other === index ? (next ?? '') : old)))}
              />
              {removal(index)}
            </div>
            {wrong && <p className="nv-bad" id={`${id}-help`}>{wrong}</p>}
          </div>
        );
      })}
    </FormFieldGroup>
  );
}
