import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, Suspense, lazy, startTransition, useCallback, useEffect, useState } from 'react';
import { ApiError, onUnauthenticated } from '../api/client';
import { liveStore } from '../api/live';
import { type LoginSession, SessionContext, getSession } from '../api/session';
import { Loading } from '../components/Loading';

// Fetched while the manager is asked who this is: few are logged in on a first load, and later it is cached.
const loginPage = import('../pages/login/LoginPage');
const LoginPage = lazy(() => loginPage);
const PasswordPage = lazy(() => import('../pages/login/PasswordPage'));

type State = { at: 'asking' } | { at: 'login'; ended: boolean } | { at: 'in'; session: LoginSession | undefined };

/** Shows the pages to whoever is logged in, and to everybody where the manager asks nobody. */
export function LoginGate({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>({ at: 'asking' });
  const queries = useQueryClient();
  const look = useCallback(() => {
    // Somebody else may have been here before.
    queries.clear();
    // As a transition: what was shown stays until the next is there. React holds back for 300 ms what follows a placeholder.
    const show = (next: State) => startTransition(() => setState(next));
    getSession().then(
      (session) => show({ at: 'in', session }),
      // A manager that does not answer is told of by the pages themselves, which try again.
      (e: unknown) =>
        show(e instanceof ApiError && e.status === 401 ? { at: 'login', ended: false } : { at: 'in', session: undefined }),
    );
  }, [queries]);
  useEffect(look, [look]);
  useEffect(() => onUnauthenticated(() => setState((before) => (before.at === 'in' ? { at: 'login', ended: true } : before))), []);
  const pages = state.at === 'in' && !state.session?.mustChangePassword;
  useEffect(() => {
    if (!pages) return;
    liveStore.start();
    return () => liveStore.stop();
  }, [pages]);
  if (state.at === 'asking') return <Loading />;
  if (pages) return <SessionContext value={state.session}>{children}</SessionContext>;
  return (
    <Suspense fallback={<Loading />}>
      {state.at === 'login' ? <LoginPage ended={state.ended} onDone={look} /> : <PasswordPage forced onDone={look} />}
    </Suspense>
  );
}
