import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Link } from 'react-router';
import { logout, useSession } from '../api/session';
import { text } from '../text/en';

/** Who is logged in, the way to another password, and out. */
export function AccountMenu() {
  const session = useSession();
  if (session === undefined || session.via === 'NONE') return null;
  const t = text.login;
  const leave = () => {
    void logout().catch(() => '/').then((place) => window.location.assign(place));
  };
  return (
    <div className="nv-account">
      <Link to="/password">{t.signedInAs(session.user)}</Link>
      <Button variant="secondary" onClick={leave}>{t.signOut}</Button>
    </div>
  );
}
