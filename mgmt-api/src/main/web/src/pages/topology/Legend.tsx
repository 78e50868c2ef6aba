import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { TenantDot } from '../../components/TenantName';
import { NetworkPicker } from '../../components/NetworkPicker';
import type { Tenant } from '../../domain/fabricIndex';
import { text } from '../../text/en';

interface Props {
  readonly tenants: readonly Tenant[];
  /** How many VM networks there are; those beyond the tenants are looked for by name. */
  readonly total: number;
  readonly chosen: string | undefined;
  readonly onChoose: (networkId: string | undefined) => void;
}

/** More than this are no legend, but a list to look through. */
const FEW = 20;

/** Which colour is which VM network; choosing one fades the VMs of all others. */
export function Legend({ tenants, total, chosen, onChoose }: Props) {
  if (tenants.length === 0) return null;
  if (total > FEW) return <NetworkPicker value={chosen} all={text.topology.all} onChoose={onChoose} />;
  return (
    <ToggleGroup aria-label={text.topology.tenants} className="nv-legend">
      <ToggleGroupItem text={text.topology.all} buttonId="tenant-all" isSelected={chosen === undefined} onChange={() => onChoose(undefined)} />
      {tenants.map(({ network, colour }) => (
        <ToggleGroupItem
          key={network.id}
          icon={<TenantDot colour={colour} />}
          text={network.name}
          buttonId={`tenant-${network.id}`}
          isSelected={chosen === network.id}
          onChange={() => onChoose(chosen === network.id ? undefined : network.id)}
        />
      ))}
    </ToggleGroup>
  );
}
