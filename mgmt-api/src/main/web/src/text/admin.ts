/** Users, tokens, audit, settings, changes, gateways. */
export const adminText = {
  users: {
    title: 'Users', subtitle: 'Who may log in, and as what', new: 'New user', name: 'Name', role: 'Role', tenant: 'Tenant account', password: 'First password',
    passwordHelp: '12 characters or more; it has to be changed at the first login.', tenantHelp: 'The owner of subscriptions, e.g. admin@contoso.example.',
    state: 'State', active: 'Active', disabled: 'Disabled', disable: 'Disable', enable: 'Enable', create: 'Create user', created: (name: string) => `User ${name} is made`,
    remove: 'Delete', removed: (name: string) => `User ${name} is deleted`, changed: (name: string) => `User ${name} is changed`, refused: 'Not accepted', reset: 'New password',
    confirm: (name: string) => `Delete the user ${name}? Sessions and tokens of that user end at once.`, cancel: 'Cancel',
  },
  roles: {
    ADMIN: 'Administrator', OPERATOR: 'Operator', AUDITOR: 'Auditor', TENANT_OWNER: 'Tenant: owner', TENANT_MEMBER: 'Tenant: member', TENANT_READER: 'Tenant: reader',
  } as Readonly<Record<string, string>>,
  tokens: {
    title: 'API tokens', subtitle: 'For programs that act for you', new: 'New token', name: 'What it is for', readOnly: 'It only reads', days: 'Good for (days)', create: 'Create token',
    once: 'This is the secret. It is shown only now: copy it to where it is needed.', user: 'User', expires: 'Expires', used: 'Last used', never: 'never', revoke: 'Revoke',
    revoked: (name: string) => `Token ${name} is revoked`, empty: 'No token yet. A program sends one with each request instead of a password.', reads: 'reads', writes: 'reads and changes', scope: 'May',
    copy: 'Copy', copied: 'Copied', use: 'Use it like this',
  },
  audit: {
    title: 'Audit', subtitle: 'Logins, refused requests, captures, backups: what is no change of the fabric', actor: 'User', show: 'Show', at: 'When', operation: 'What', address: 'From', status: 'Answer',
    target: 'Of what', detail: 'Details', times: 'Times', older: 'Older', newest: 'Newest', empty: 'Nothing was logged of that user.',
  },
  revisions: {
    title: 'Changes', subtitle: 'Every change of the fabric, the newest first', undo: 'Undo', preview: 'What did it change?', older: 'Older', newest: 'Newest', total: 'Objects',
    empty: 'Nothing has been changed yet.', undone: (n: number) => `Revision ${n} is undone`, refused: 'Cannot be undone', hide: 'Hide',
  },
  gateways: {
    title: 'Gateways', subtitle: 'Ports, workers, addresses and how far each is', new: 'New gateway', ports: 'Ports', workers: 'Workers', worker: 'Worker', cpu: 'CPU', busy: 'Busy', received: 'Received', sent: 'Sent',
    pools: 'Addresses of its pools', pool: (used: string, total: string) => `${used} of ${total} given out`, lag: 'Behind by', revisions: (n: string) => `${n} revisions`, uptime: 'Up since', sessions: 'Sessions', records: 'Lookup records',
    empty: 'No gateway yet', emptyBody: 'A gateway joins provider network and outside. Make the object, then start a gateway process with the same name.', noReport: 'It does not report: start its process, and let it join.',
    forwards: 'Forwarding', notForwarding: 'Not forwarding', links: 'Ask it', notConnected: 'Not connected',
  },
  drain: {
    drain: 'Drain', undrain: 'Take into use again', title: (name: string) => `Drain ${name}?`,
    body: 'No VM network comes to it any more, and those that it serves move to other gateways with their addresses and ports. Their sessions end. What no other gateway can take stays and goes on.',
    left: (networks: number, sessions: string) => `On it: ${networks === 1 ? '1 VM network' : `${networks} VM networks`}, sessions: ${sessions}`, more: (n: string) => `and ${n} more`,
    begun: (name: string, moved: number) => `${name} drains; VM networks moved: ${moved}`, back: (name: string) => `${name} is in use again`,
    states: { SERVING: 'In use', DRAINING: 'Draining: no VM network comes to it any more', DRAINED: 'Drained: it can be switched off' },
  },
  settings: {
    title: 'Settings', subtitle: 'Where the fabric is kept, backup, certificates, upgrades', join: 'Let a machine join', kind: 'Kind', name: 'Name', makeToken: 'Make a join token',
    tokenOnce: 'Give this to the machine; it is good once.', openapi: 'Contract of the API', metrics: 'Metrics for Prometheus', programs: 'For programs', refused: 'Not accepted',
    upgrade: 'Upgrades', upgradeBody: 'First a backup; then gateways and hosts, one after the other; the managers last: a newer node understands an older manager. A gateway forwards by the policy it has while the manager is away.',
    upgradeCommands: 'apt-get install ./nvgate-*.deb   # the new packages, on the machine\nnvgate followers                 # connected and level again: the next machine',
    upgradeState: 'Which version each node runs, and whether it is level, is on the page',
  },
  store: {
    title: 'Store', type: 'Kind', types: { SQLITE: 'SQLite', ETCD: 'etcd' }, place: 'Place', revision: 'Revision', backup: 'Backup and restore',
    backupBody: 'The whole fabric, users and log as of now, in one file.', download: 'Download a backup', restore: 'Restore',
    restoreBody: 'By command, at a manager that is stopped: the store is checked before it is used.',
    restoreCommands: 'manager verify  fabric.backup\nmanager restore --config manager.yaml fabric.backup   # --replace: even if there is something',
    move: 'Move', moveTo: (kind: string) => `Move to ${kind}`, replace: 'Replace what is there',
    moveBody: (cluster: boolean) => (cluster
      ? 'To the cluster that store.etcd of the manager\u2019s file names; the file is read again now. Everything goes on meanwhile: same fabric, same revisions.'
      : 'Back into the state directory of this manager; stop other managers of the cluster first. Everything else goes on meanwhile.'),
    phases: { COPYING: 'Copying', FOLLOWING: 'Catching up', SWITCHING: 'Switching over', DONE: 'The store has moved', FAILED: 'The store is where it was' },
  },
  certificates: {
    title: 'Certificates', own: 'What browsers see', ownBody: 'A certificate of the manager\u2019s own authority, unless its file names another; a changed file is read again within 10 seconds.',
    ownLines: 'http:\n  certificate-file: /etc/nvgate/manager.pem\n  key-file: /etc/nvgate/manager.key      # PKCS#8',
    authorities: 'Authority of gateways and hosts', authoritiesBody: 'It signs the certificates by which gateways, hosts and this manager know each other. A new one takes over without a pause: nodes fetch new certificates by themselves, and the old one goes when the last has.',
    outside: 'An authority of yours signs, so there is nothing to exchange here.', rotate: 'Exchange the authority', rotateTitle: 'Exchange the authority?',
    rotateBody: 'A new one signs from now on; the old one is trusted until every node has a certificate of the new one. Copy ca.pem again to wherever it was copied.', rotated: 'A new authority signs from now on',
    retire: 'Retire', retireTitle: (name: string) => `Retire ${name} at once?`, retireBody: 'Nodes that have no certificate of a newer authority have to join again.', retired: (name: string) => `${name} is no longer trusted`,
    identities: 'Gateways and hosts that have joined', noIdentity: 'None yet: make a join token above.', good: 'Good', until: 'Good until', download: 'Download',
    revoke: 'Revoke', revokeTitle: (name: string) => `Revoke ${name}?`, revokeBody: 'Its connections end and it gets nothing any more; it goes on by the policy that it has. It can join again with a new token.', revoked: (name: string) => `${name} is revoked`,
  },
};
