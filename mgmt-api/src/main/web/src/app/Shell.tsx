import {
  Masthead, MastheadBrand, MastheadContent, MastheadMain, MastheadToggle,
} from '@patternfly/react-core/dist/esm/components/Masthead';
import { Nav, NavGroup, NavItem, NavList } from '@patternfly/react-core/dist/esm/components/Nav';
import { Page, PageSidebar, PageSidebarBody, PageToggleButton } from '@patternfly/react-core/dist/esm/components/Page';
import { SkipToContent } from '@patternfly/react-core/dist/esm/components/SkipToContent';
import { Suspense, useEffect, useState } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { useLive } from '../api/live';
import { useObjectsFollowRevision } from '../api/objects';
import { useIsTenant, useMay } from '../api/session';
import { Loading } from '../components/Loading';
import { text } from '../text/en';
import { AccountMenu } from './AccountMenu';
import { ConnectionState } from './ConnectionState';
import { ErrorBoundary } from './ErrorBoundary';
import { Logo } from './Logo';
import { type Group, navigationFor } from './navigation';
import { Notices } from './notices';
import { OfflineBanner } from './OfflineBanner';
import { ThemeSwitch } from './ThemeSwitch';

const MAIN_ID = 'main';
/** Below this width the navigation lies over the page instead of beside it. */
const NARROW = '(max-width: 74.99rem)';

function Destination({ to, children, onGo }: { to: string; children: string; onGo: () => void }) {
  const { pathname } = useLocation();
  const active = to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`);
  return (
    <NavItem isActive={active} onClick={onGo}>
      <Link to={to} aria-current={active ? 'page' : undefined}>
        {children}
      </Link>
    </NavItem>
  );
}

function Navigation({ onGo }: { onGo: () => void }) {
  const may = useMay();
  const items = ({ destinations }: Group) =>
    destinations.map(({ to, label }) => <Destination key={to} to={to} onGo={onGo}>{label}</Destination>);
  return (
    <Nav aria-label={text.nav.label}>
      {navigationFor(useIsTenant(), may).map((group, index) =>
        group.title === undefined ? <NavList key={index}>{items(group)}</NavList> : <NavGroup key={group.title} title={group.title}>{items(group)}</NavGroup>,
      )}
      <NavList>
        <NavItem><a href="/docs/">{text.nav.docs}</a></NavItem>
      </NavList>
    </Nav>
  );
}

function Header({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  return (
    <Masthead display={{ default: 'inline' }}>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton isSidebarOpen={open} onSidebarToggle={onToggle} aria-label={text.nav.toggle} />
        </MastheadToggle>
        <MastheadBrand>
          <Link to="/" className="nv-brand" aria-label={`${text.product}, ${text.tagline}`}>
            <Logo />
            <span className="nv-brand__name">{text.product}</span>
          </Link>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <div className="nv-header">
          <ConnectionState />
          <ThemeSwitch />
          <AccountMenu />
        </div>
      </MastheadContent>
    </Masthead>
  );
}

/** The frame of every page: header, navigation, the banner for an unreachable manager. */
export function Shell() {
  useObjectsFollowRevision();
  const { mode } = useLive();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(() => !matchMedia(NARROW).matches);
  useEffect(() => {
    const narrow = matchMedia(NARROW);
    const follow = () => setOpen(!narrow.matches);
    narrow.addEventListener('change', follow);
    return () => narrow.removeEventListener('change', follow);
  }, []);
  const closeIfNarrow = () => {
    if (matchMedia(NARROW).matches) setOpen(false);
  };
  return (
    <Page
      masthead={<Header open={open} onToggle={() => setOpen(!open)} />}
      sidebar={
        <PageSidebar isSidebarOpen={open}>
          <PageSidebarBody>
            <Navigation onGo={closeIfNarrow} />
          </PageSidebarBody>
        </PageSidebar>
      }
      skipToContent={<SkipToContent href={`#${MAIN_ID}`}>{text.skipToContent}</SkipToContent>}
      mainContainerId={MAIN_ID}
      isContentFilled
    >
      <OfflineBanner />
      <Notices />
      <div className="nv-pages" data-stale={mode === 'offline'}>
        <ErrorBoundary key={pathname}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </div>
    </Page>
  );
}
