import { useId } from 'react';
import { useChoices } from '../form/kinds';
import { liveText } from '../text/live';
import { Chooser } from './Chooser';
import { ObjectPicker } from './ObjectPicker';

interface Props {
  /** Id of the VM network; undefined: of all, where that is offered. */
  readonly value: string | undefined;
  /** What choosing none of them is called; absent if one has to be chosen. */
  readonly all?: string;
  readonly onChoose: (id: string | undefined) => void;
}

/** Chooses a VM network: from a list, or where there are too many for one, by a part of its name. */
export function NetworkPicker({ value, all, onChoose }: Props) {
  const id = useId();
  const { data } = useChoices('vm-networks');
  if (!data) return null;
  if (data.total > data.items.length) {
    return (
      <div className="nv-chooser">
        <label htmlFor={id}>{liveText.network}</label>
        <ObjectPicker id={id} kind="vm-networks" value={value} total={data.total} onChoose={(chosen) => (chosen !== undefined || all !== undefined) && onChoose(chosen)} />
      </div>
    );
  }
  const names = data.items.map((item) => [item.id, item.name] as const);
  return <Chooser label={liveText.network} value={value ?? ''} choices={all === undefined ? names : [['', all], ...names]} onChange={(chosen) => onChoose(chosen === '' ? undefined : chosen)} />;
}
