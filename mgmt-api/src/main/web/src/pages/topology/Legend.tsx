import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { TenantDot } from '../../components/TenantName';
import type { Tenant } from '../../domain/fabricIndex';
import { text } from '../../text/en';

interface Props {
  readonly tenants: readonly Tenant[];
  readonly chosen: string | undefined;
  readonly onChoose: (networkId: string | undefined) => void;
}

/** Which colour is which VM network; choosing one fades the VMs of all others. */
export function Legend({ tenants, chosen, onChoose }: Props) {
  if (tenants.length === 0) return null;
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
