import createClient from 'openapi-fetch';
import type { components, paths } from './schema.gen';
import type { CertificateAuthority, Follower, Identity, LookupRecord, NodeRef, Overview, Session, VmMtu } from './model';

const REQUEST_TIMEOUT_MILLIS = 10_000;
/** The API's own ceiling for rows of a view. */
const ROWS = 10_000;

const client = createClient<paths>({
  baseUrl: window.location.origin,
  // The global is looked up at each call, so that every request has a time limit of its own.
  fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLIS) }),
});

type Problem = components['schemas']['Problem'];

/** An answer other than the wished one: the API's problem details, or what the network said. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Told of every answer that says that nobody is logged in. */
const unauthenticated = new Set<() => void>();

export function onUnauthenticated(listener: () => void): () => void {
  unauthenticated.add(listener);
  return () => unauthenticated.delete(listener);
}

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

async function unwrap<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending;
  if (data !== undefined) return data;
  if (response.status === 401) for (const listener of unauthenticated) listener();
  const problem = (typeof error === 'object' && error !== null ? error : {}) as Partial<Problem>;
  throw new ApiError(response.status, problem.code ?? 'unknown', problem.detail ?? `HTTP ${response.status}`);
}

export const getOverview = (): Promise<Overview> => unwrap(client.GET('/api/v1/fabric'));

export interface View<Row> {
  readonly items: readonly Row[];
  readonly truncated: boolean;
}

export type RecordFilter = { vsid?: number; customerAddress?: string; providerAddress?: string; rdid?: string };

/** The lookup records a node really has, asked over the sync stream. */
export function getLookupRecords(node: NodeRef, filter: RecordFilter = {}): Promise<View<LookupRecord>> {
  const params = { path: { id: node.id }, query: { limit: ROWS, ...filter } };
  return node.kind === 'gateway'
    ? unwrap(client.GET('/api/v1/gateways/{id}/lookup-records', { params }))
    : unwrap(client.GET('/api/v1/hosts/{id}/lookup-records', { params }));
}

/** The lookup records the manager wants a node to have. */
export async function getDesiredRecords(node: NodeRef): Promise<View<LookupRecord>> {
  const params = { path: { id: node.id }, query: { limit: ROWS } };
  const policy = await (node.kind === 'gateway'
    ? unwrap(client.GET('/api/v1/gateways/{id}/policy', { params }))
    : unwrap(client.GET('/api/v1/hosts/{id}/policy', { params })));
  return { items: policy.lookupRecords, truncated: policy.truncated };
}

export function getSessions(gatewayId: string, limit: number): Promise<View<Session>> {
  return unwrap(client.GET('/api/v1/gateways/{id}/sessions', { params: { path: { id: gatewayId }, query: { limit } } }));
}

export function getMtu(gatewayId: string, limit: number): Promise<View<VmMtu>> {
  return unwrap(client.GET('/api/v1/gateways/{id}/mtu', { params: { path: { id: gatewayId }, query: { limit } } }));
}

/** How far every gateway and host is. */
export async function getFollowers(): Promise<readonly Follower[]> {
  return (await unwrap(client.GET('/api/v1/followers'))).items;
}

export async function getIdentities(): Promise<readonly Identity[]> {
  return (await unwrap(client.GET('/api/v1/identities'))).items;
}

export async function getAuthorities(): Promise<readonly CertificateAuthority[]> {
  return (await unwrap(client.GET('/api/v1/certificate-authorities'))).items;
}

type ListPath =
  | '/api/v1/logical-networks'
  | '/api/v1/network-sites'
  | '/api/v1/ip-pools'
  | '/api/v1/hosts'
  | '/api/v1/gateways'
  | '/api/v1/vm-networks'
  | '/api/v1/vm-subnets'
  | '/api/v1/vm-network-gateways'
  | '/api/v1/vms'
  | '/api/v1/nat-connections'
  | '/api/v1/nat-rules'
  | '/api/v1/nat-one-to-ones'
  | '/api/v1/nat-exemptions'
  | '/api/v1/tenant-interfaces'
  | '/api/v1/vm-network-peerings';

type Item<P extends ListPath> =
  paths[P]['get']['responses'][200]['content']['application/json']['items'][number];

const PAGE = 1_000;
/** Pages of one list at most: a browser table of more than this helps nobody. */
const MAX_PAGES = 20;

/** Every object of a list, page after page. */
export async function listAll<P extends ListPath>(path: P): Promise<readonly Item<P>[]> {
  const items: Item<P>[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = { limit: PAGE, offset: page * PAGE };
    const answer = (await unwrap(client.GET(path as '/api/v1/vms', { params: { query } }))) as unknown as {
      items: Item<P>[];
      total: number;
    };
    items.push(...answer.items);
    if (items.length >= answer.total || answer.items.length === 0) break;
  }
  return items;
}
