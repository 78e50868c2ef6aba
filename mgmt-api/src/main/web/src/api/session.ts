import { createContext, useContext } from 'react';
import type { components } from './schema.gen';
import { send } from './send';

export type LoginSession = components['schemas']['LoginSession'];

/** Who looks at the pages; undefined if the manager asks nobody. */
export const SessionContext = createContext<LoginSession | undefined>(undefined);

export const useSession = (): LoginSession | undefined => useContext(SessionContext);

/** Whether the one who looks may do what needs this permission of the contract. */
export function useMay(): (permission: string | undefined) => boolean {
  const session = useSession();
  return (permission) =>
    session === undefined || session.via === 'NONE' || (permission !== undefined && session.permissions.includes(permission));
}

/** Whether the pages are those of a tenant. */
export const useIsTenant = (): boolean => useSession()?.role.startsWith('TENANT_') ?? false;

/** Who is logged in in this browser. Fails with 401 if nobody is. */
export const getSession = (): Promise<LoginSession> => send('session');

export const login = (user: string, password: string): Promise<LoginSession> =>
  send('login', { method: 'POST', body: { user, password } });

/** Ways to log in here. */
export const getLoginMethods = (): Promise<components['schemas']['LoginMethods']> => send('login-methods');

/** Where a browser begins a login by the OpenID provider; it leads back to the pages. */
export const OIDC_LOGIN = '/api/v1/oidc/login';

export const changePassword = (current: string, password: string): Promise<void> =>
  send('password', { method: 'POST', body: { current, password } });

/** Ends the session; gives where to go then: to the OpenID provider, if there is one, to end the session there, too. */
export async function logout(): Promise<string> {
  const { oidc } = await getLoginMethods();
  if (!oidc) {
    await send('logout', { method: 'POST' });
    return '/?signed-out=here';
  }
  const place: components['schemas']['LogoutPlace'] = await send('oidc/logout', { method: 'POST' });
  return place.location;
}
