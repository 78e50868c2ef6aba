import { createContext, useContext } from 'react';
import type { components } from './schema.gen';
import { ApiError } from './client';

export type LoginSession = components['schemas']['LoginSession'];

/** Who looks at the pages; undefined if the manager asks nobody. */
export const SessionContext = createContext<LoginSession | undefined>(undefined);

export const useSession = (): LoginSession | undefined => useContext(SessionContext);

const REQUEST_TIMEOUT_MILLIS = 20_000;

async function ask(path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`/api/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLIS),
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  throw new ApiError(response.status, problem.code ?? 'unknown', problem.detail ?? `HTTP ${response.status}`);
}

/** Who is logged in in this browser. Fails with 401 if nobody is. */
export const getSession = async (): Promise<LoginSession> => (await (await ask('session')).json()) as LoginSession;

export const login = async (user: string, password: string): Promise<LoginSession> =>
  (await (await ask('login', { user, password })).json()) as LoginSession;

export async function changePassword(current: string, password: string): Promise<void> {
  await ask('password', { current, password });
}

export async function logout(): Promise<void> {
  await fetch('/api/v1/logout', { method: 'POST', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLIS) });
}
