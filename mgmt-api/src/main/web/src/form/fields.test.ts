import { describe, expect, it } from 'vitest';
import { loadContract } from './contract';
import { childrenOf, formFields, targetOf } from './fields';

const contract = await loadContract();

describe('forms of the contract', () => {
  it('know which kind each reference leads to', () => {
    const unknown = contract.kinds.flatMap(({ kind, create }) =>
      formFields(contract, create)
        .flatMap((f) => [f, ...(f.item ? [f.item, ...(f.item.fields ?? [])] : []), ...(f.fields ?? [])])
        .filter((f) => f.named === 'Uuid' && f.input === 'text' && f.name !== 'rdid')
        .map((f) => `${kind} ${f.name}`),
    );
    expect(unknown).toEqual([]);
    expect(targetOf(contract, 'paPoolId')).toBe('ip-pools');
    expect(targetOf(contract, 'localAddressSetIds')).toBe('address-sets');
    expect(targetOf(contract, 'description')).toBeUndefined();
  });

  it('ask for what is required first, and never for ids', () => {
    const names = formFields(contract, 'NatRuleCreate').map((f) => f.name);
    expect(names.slice(0, 6)).toEqual(['name', 'natConnectionId', 'protocol', 'externalPort', 'internalAddress', 'internalPort']);
    expect(names).not.toContain('id');
  });

  it('know what is made inside of what', () => {
    const inside = childrenOf(contract, 'vm-networks').map(({ kind, field }) => `${kind.kind} ${field}`);
    expect(inside).toContain('vm-subnets vmNetworkId');
    expect(inside).toContain('port-acls vmNetworkId');
    expect(childrenOf(contract, 'nat-connections').map(({ kind }) => kind.kind)).toEqual(['nat-rules']);
  });
});
