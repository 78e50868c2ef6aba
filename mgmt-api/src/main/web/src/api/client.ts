import createClient from 'openapi-fetch';
import type { components, paths } from './schema.gen';
import type { CertificateAuthority, Follower, Identity, LookupRecord, NodeRef, Overview, Session, VmMtu } from './model';

const REQUEST_TIMEOUT_MILLIS = 10_000;
/** The API's own ceiling for rows of a view. */
const ROWS = 10_000;

const client = createClient<paths>({
  baseUrl: globalThis.location?.origin,
  // The global is looked up at each call, so that every request has a time limit of its own.
  fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLIS) }),
});

export type Problem = components['schemas']['Problem'];

/** An answer other than the wished one: the API's problem details, or what the network said. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** The whole answer, where it was problem details: the field, the users of an object, the place in a batch. */
    readonly problem: Partial<Problem> = {},
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
  throw refused(response.status, error);
}

/** What an answer other than the wished one means; says so to whoever waits for the end of the session. */
export function refused(status: number, body: unknown): ApiError {
  if (status === 401) for (const listener of unauthenticated) listener();
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  return new ApiError(status, problem.code ?? 'unknown', problem.detail ?? `HTTP ${status}`, problem);
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
  const params = { path: { id: node.id }, query: { limit: ROWS, types: 'lookupRecords' } };
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
