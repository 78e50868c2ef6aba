import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import type { AnyObject } from '../../form/contract';
import { FieldRow, helpId } from '../../form/FieldRow';
import { myText } from '../../text/my';

const t = myText.wizard;

/** What the three steps ask for. */
export interface NewNetwork {
  readonly name: string;
  readonly subscription: string;
  readonly prefix: string;
  readonly prefix6: string;
  /** Addresses with commas. */
  readonly dns: string;
  readonly nat: boolean;
}

interface Props {
  readonly network: NewNetwork;
  readonly set: (change: Partial<NewNetwork>) => void;
  /** What is wrong with a field of the request. */
  readonly wrong: (field: string) => string | undefined;
  readonly subscriptions: readonly AnyObject[];
}

interface TextProps {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly wrong?: string;
  readonly required?: boolean;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

function TextRow({ id, label, help, wrong, required, value, placeholder, onChange }: TextProps) {
  return (
    <FieldRow id={id} label={label} required={required} help={help} wrong={wrong}>
      <TextInput
        id={id} value={value} placeholder={placeholder} isRequired={required} aria-describedby={helpId(id)} autoComplete="off" spellCheck={false}
        validated={wrong ? 'error' : 'default'} onChange={(_event, typed) => onChange(typed)}
      />
    </FieldRow>
  );
}

export function NameStep({ network, set, wrong, subscriptions }: Props) {
  return (
    <>
      <TextRow id="network-name" label={t.name} help={t.nameHelp} wrong={wrong('name')} required value={network.name} onChange={(name) => set({ name })} />
      {subscriptions.length > 1 && (
        <FieldRow id="network-subscription" label={t.subscription} required help={t.subscriptionHelp} wrong={wrong('subscription')}>
          <FormSelect id="network-subscription" value={network.subscription} onChange={(_event, subscription) => set({ subscription })}>
            {subscriptions.map(({ id, name }) => <FormSelectOption key={id} value={id} label={name} />)}
          </FormSelect>
        </FieldRow>
      )}
    </>
  );
}

export function AddressStep({ network, set, wrong }: Props) {
  return (
    <>
      <TextRow id="network-prefix" label={t.prefix} help={t.prefixHelp} wrong={wrong('prefix')} required value={network.prefix} onChange={(prefix) => set({ prefix })} />
      <TextRow id="network-prefix6" label={t.prefix6} help={t.optional} wrong={wrong('prefix6')} placeholder="fd00:1::/64" value={network.prefix6} onChange={(prefix6) => set({ prefix6 })} />
      <TextRow id="network-dns" label={t.dns} help={t.dnsHelp} wrong={wrong('dnsServers')} value={network.dns} onChange={(dns) => set({ dns })} />
    </>
  );
}

export function WayOutStep({ network, set, wrong }: Props) {
  return (
    <FieldRow id="network-nat" label={t.steps[2]} help={network.nat ? t.natHelp : t.natNo} wrong={wrong('nat')}>
      <Checkbox id="network-nat" label={t.nat} isChecked={network.nat} aria-describedby={helpId('network-nat')} onChange={(_event, nat) => set({ nat })} />
    </FieldRow>
  );
}
