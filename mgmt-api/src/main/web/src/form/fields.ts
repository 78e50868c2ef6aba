import { type Contract, type KindInfo, type Schema, resolve } from './contract';

export type Input = 'text' | 'number' | 'boolean' | 'choice' | 'reference' | 'list' | 'group' | 'labels';

/** One field of a form, as the contract describes it. */
export interface Field {
  readonly name: string;
  readonly input: Input;
  readonly required: boolean;
  readonly help?: string;
  /** The contract's name of the type, e.g. IpPrefix. */
  readonly named?: string;
  readonly initial?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly string[];
  /** The kind a reference leads to. */
  readonly target?: string;
  /** What each item of a list is; its name is the list's. */
  readonly item?: Field;
  readonly fields?: readonly Field[];
}

/** References whose name is not that of their kind. */
const TARGETS: Readonly<Record<string, string>> = {
  paPool: 'ip-pools', paPool6: 'ip-pools', externalPool: 'ip-pools', externalPool6: 'ip-pools', parent: 'host-groups',
  peerVmNetwork: 'vm-networks', localAddressSet: 'address-sets', remoteAddressSet: 'address-sets', grantedTo: 'subscriptions',
  logicalSwitch: 'logical-switches',
};

/** The kind that a field refers to by id; undefined if it does not. */
export function targetOf(contract: Contract, name: string): string | undefined {
  const stem = name.replace(/Ids?$/, '');
  if (stem === name && TARGETS[name] === undefined) return undefined;
  const kind = TARGETS[stem] ?? `${stem.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}s`;
  return contract.kinds.some((known) => known.kind === kind) ? kind : undefined;
}

function field(contract: Contract, name: string, given: Schema, required: boolean): Field {
  const schema = resolve(contract, given);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const common = { name, required, help: schema.description, named: schema.named, initial: schema.default };
  if (schema.named === 'Labels') return { ...common, input: 'labels' };
  if (schema.enum) return { ...common, input: 'choice', choices: schema.enum };
  if (types.includes('boolean')) return { ...common, input: 'boolean' };
  if (types.includes('integer') || types.includes('number')) {
    return { ...common, input: 'number', minimum: schema.minimum, maximum: schema.maximum };
  }
  if (types.includes('array')) return { ...common, input: 'list', item: field(contract, name, schema.items ?? {}, false) };
  if (schema.properties) return { ...common, input: 'group', fields: fieldsOf(contract, schema) };
  const target = targetOf(contract, name);
  return target === undefined ? { ...common, input: 'text' } : { ...common, input: 'reference', target };
}

/** The fields of a schema in the contract's order, required ones first. Ids are the manager's business. */
export function fieldsOf(contract: Contract, schema: Schema): readonly Field[] {
  const required = new Set(schema.required);
  const all = Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => field(contract, name, value, required.has(name)));
  return [...all.filter((f) => f.required), ...all.filter((f) => !f.required)];
}

export function formFields(contract: Contract, schemaName: string): readonly Field[] {
  return fieldsOf(contract, contract.schemas[schemaName] ?? {});
}

export interface Child {
  readonly kind: KindInfo;
  readonly field: string;
}

/** Kinds whose objects are made inside an object of the given kind, and the field that says so. */
export function childrenOf(contract: Contract, kind: string): readonly Child[] {
  return contract.kinds.flatMap((candidate) => {
    const found = formFields(contract, candidate.create).find((f) => f.input === 'reference' && f.target === kind);
    return found && candidate.kind !== kind ? [{ kind: candidate, field: found.name }] : [];
  });
}
