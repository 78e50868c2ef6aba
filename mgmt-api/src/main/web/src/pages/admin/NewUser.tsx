import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Form, ActionGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client';
import { send } from '../../api/send';
import { FieldRow, helpId } from '../../form/FieldRow';
import { adminText } from '../../text/admin';

const t = adminText.users;
const FIELDS = ['name', 'role', 'tenant', 'password'];

interface Props {
  /** Whose users are made, if it is a tenant's owner who makes them. */
  readonly tenant: string | undefined;
  readonly onMade: (name: string) => void;
}

/** Makes a user; what is refused is said at its field. */
export function NewUser({ tenant, onMade }: Props) {
  const roles = Object.entries(adminText.roles).filter(([role]) => tenant === undefined || role.startsWith('TENANT_'));
  const empty = { name: '', role: roles[0]?.[0] ?? '', tenant: tenant ?? '', password: '' };
  const [user, setUser] = useState(empty);
  const [refused, setRefused] = useState<{ field: string; message: string }>();
  const wrong = (field: string) => (refused?.field === field ? refused.message : undefined);
  const ofTenant = user.role.startsWith('TENANT_');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setRefused(undefined);
    const { tenant: account, ...rest } = user;
    send('users', { method: 'POST', body: ofTenant ? { ...rest, tenant: account } : rest }).then(
      () => {
        setUser(empty);
        onMade(user.name);
      },
      (e: unknown) => setRefused({ field: (e instanceof ApiError && e.problem.field) || '', message: e instanceof Error ? e.message : String(e) }),
    );
  };
  const field = (name: 'name' | 'tenant' | 'password', label: string, help?: string) => (
    <FieldRow id={`user-${name}`} label={label} required help={help} wrong={wrong(name)}>
      <TextInput
        id={`user-${name}`} type={name === 'password' ? 'password' : 'text'} autoComplete={name === 'password' ? 'new-password' : 'off'} value={user[name]} isRequired
        aria-describedby={helpId(`user-${name}`)} validated={wrong(name) ? 'error' : 'default'} onChange={(_event, typed) => setUser({ ...user, [name]: typed })}
      />
    </FieldRow>
  );
  return (
    <Form onSubmit={submit} noValidate className="nv-form">
      {refused && !FIELDS.includes(refused.field) && <Alert isInline isLiveRegion variant="danger" title={t.refused}>{refused.message}</Alert>}
      {field('name', t.name)}
      <FieldRow id="user-role" label={t.role} required wrong={wrong('role')}>
        <FormSelect id="user-role" value={user.role} onChange={(_event, role) => setUser({ ...user, role })}>
          {roles.map(([role, name]) => <FormSelectOption key={role} value={role} label={name} />)}
        </FormSelect>
      </FieldRow>
      {ofTenant && tenant === undefined && field('tenant', t.tenant, t.tenantHelp)}
      {field('password', t.password, t.passwordHelp)}
      <ActionGroup><Button type="submit">{t.create}</Button></ActionGroup>
    </Form>
  );
}
