/** Formatting of quantities for people. Rates are per second; bytes are octets; prefixes are decimal (SI), as in link speeds. */

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;
const DASH = '\u2013';

/** Three significant digits with an SI prefix: 1234567 → "1.23 M". The unit follows the prefix. */
export function si(value: number | undefined, unit: string): string {
  if (value === undefined || !Number.isFinite(value)) return DASH;
  const sign = value < 0 ? '\u2212' : '';
  let scaled = Math.abs(value);
  let prefix = 0;
  // 999.5 would print as "1000", so it already belongs to the next prefix.
  while (scaled >= 999.5 && prefix < PREFIXES.length - 1) {
    scaled /= 1000;
    prefix++;
  }
  const text = `${sign}${trim(scaled)} ${PREFIXES[prefix] ?? ''}${unit}`;
  return text.trimEnd();
}

function trim(value: number): string {
  if (value === 0) return '0';
  if (value < 0.01) return '<0.01';
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toFixed(digits).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

export const packetsPerSecond = (value: number | undefined): string => si(value, 'pps');
export const bitsPerSecond = (value: number | undefined): string => si(value, 'bit/s');
export const bytes = (value: number | undefined): string => si(value, 'B');

/** A whole number with thin groups, never abbreviated: what the API says is what is shown. */
export function count(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? DASH : new Intl.NumberFormat('en-US').format(value);
}

/** "3 s", "4 min 10 s", "2 h 5 min", "3 d 4 h": the two largest units. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return DASH;
  const whole = Math.floor(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([n], i) => i === 0 || n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

export function linkSpeed(megabits: number | undefined): string {
  return megabits === undefined || megabits <= 0 ? DASH : si(megabits * 1e6, 'bit/s');
}
