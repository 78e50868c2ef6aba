/** How many addresses lie between two, both included. IPv6 in any notation without an embedded IPv4 address. */
export function poolSize(first: string, last: string): number {
  return Number(toNumber(last) - toNumber(first)) + 1;
}

function toNumber(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array<string>(zeros).fill('0'), ...back].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
