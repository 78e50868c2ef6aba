import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { useMay, useSession } from '../../api/session';
import { notify } from '../../app/noticeStore';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { adminText } from '../../text/admin';
import { text } from '../../text/en';
import { NewUser } from './NewUser';

const t = adminText.users;
type User = components['schemas']['User'];

/** Users: of the manager, or to the owner of a tenant those of the tenant. */
export default function UsersPage() {
  const queries = useQueryClient();
  const session = useSession();
  const mayChange = useMay()('users-change');
  const { data, error } = useQuery({ queryKey: ['users'], queryFn: () => send<{ items: readonly User[] }>('users') });
  const [wrong, setWrong] = useState('');
  const done = (title: string) => {
    setWrong('');
    void queries.invalidateQueries({ queryKey: ['users'] });
    notify({ variant: 'success', title });
  };
  const refuse = (e: unknown) => setWrong(e instanceof Error ? e.message : String(e));
  const toggle = (user: User) =>
    void send(`users/${user.name}`, { method: 'PATCH', body: { disabled: !user.disabled } }).then(() => done(t.changed(user.name)), refuse);
  const remove = (user: User) => {
    if (window.confirm(t.confirm(user.name))) void send(`users/${user.name}`, { method: 'DELETE' }).then(() => done(t.removed(user.name)), refuse);
  };
  const columns: Column<User>[] = [
    { id: 'name', title: t.name, value: (u) => u.name, cell: (u) => u.name },
    { id: 'role', title: t.role, value: (u) => u.role, cell: (u) => adminText.roles[u.role] ?? u.role },
    { id: 'tenant', title: t.tenant, value: (u) => u.tenant, cell: (u) => u.tenant ?? text.none },
    { id: 'state', title: t.state, value: (u) => (u.disabled ? t.disabled : t.active), cell: (u) => (u.disabled ? t.disabled : t.active) },
    ...(mayChange
      ? [{
          id: 'actions', title: '',
          cell: (u: User) => u.name !== session?.user && (
            <span className="nv-row-actions">
              <Button variant="link" size="sm" aria-label={`${u.disabled ? t.enable : t.disable} ${u.name}`} onClick={() => toggle(u)}>{u.disabled ? t.enable : t.disable}</Button>
              <Button variant="link" size="sm" isDanger aria-label={`${t.remove} ${u.name}`} onClick={() => remove(u)}>{t.remove}</Button>
            </span>
          ),
        }]
      : []),
  ];
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      {mayChange && <Panel title={t.new}><NewUser tenant={session?.tenant} onMade={(name) => done(t.created(name))} /></Panel>}
      <Panel title={t.title} testId="users">
        {(error || wrong) && <Alert isInline isLiveRegion variant="danger" title={wrong ? t.refused : text.failed(t.title)}>{wrong || error?.message}</Alert>}
        {!data && !error && <Loading />}
        {data && <DataTable label={t.title} columns={columns} rows={data.items} rowKey={(u) => u.name} filter={data.items.length > 10} />}
      </Panel>
    </>
  );
}
