export const guideText = {
  title: 'Build the fabric',
  subtitle: 'Every kind of object, in the order in which one needs the other',
  physical: 'Physical networks and addresses',
  machines: 'Switches, hosts and gateways',
  offers: 'What tenants are offered',
  tenants: 'Networks of tenants',
  nat: 'Ways out and in',
  more: 'Rules, routes and exceptions',
};
