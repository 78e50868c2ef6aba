import type { components } from '../api/schema.gen';

/** The parts of JSON Schema that the contract uses for fields of objects. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
}

/** A kind of object as the contract has it. */
export interface KindInfo {
  /** As in paths, e.g. `nat-rules`. */
  readonly kind: string;
  readonly about: string;
  /** Names of schemas. */
  readonly create: string;
  readonly update: string;
  readonly may: { readonly list: string; readonly create: string; readonly update: string; readonly remove: string };
}

export interface Contract {
  readonly kinds: readonly KindInfo[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** What every object of the fabric has. */
export type AnyObject = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly name: string;
  readonly changedRevision: number;
  readonly createdRevision: number;
};

export type ObjectDifference = components['schemas']['ObjectDifference'];
export type DryRun = components['schemas']['DryRun'];
export type HistoryItem = components['schemas']['HistoryItem'];

let loaded: Promise<Contract> | undefined;

/** The contract's kinds and schemas; a file of its own, loaded when the first form or list needs it. */
export function loadContract(): Promise<Contract> {
  loaded ??= import('../api/contract.gen.json').then((module) => module.default as unknown as Contract);
  return loaded;
}

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** The schema with its reference followed; a description beside the reference is nearer to the reader. */
export function resolve(contract: Contract, schema: Schema): Schema & { readonly named?: string } {
  if (schema.$ref === undefined) return schema;
  const named = nameOf(schema.$ref);
  const target = resolve(contract, contract.schemas[named] ?? {});
  return { ...target, named, ...(schema.description !== undefined && { description: schema.description }) };
}
