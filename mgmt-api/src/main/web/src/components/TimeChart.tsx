import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useDark } from './useDark';

export interface Line {
  readonly label: string;
  /** Name of a CSS custom property that holds the colour. */
  readonly colour: string;
  /** One value per time; undefined leaves a gap. */
  readonly values: readonly (number | undefined)[];
}

interface Props {
  readonly label: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** The longest span shown; a shorter history is drawn wider, but never wider than a minute. */
  readonly windowSeconds: number;
  readonly format: (value: number | undefined) => string;
}

const HEIGHT = 184;
const SHORTEST_SECONDS = 60;

/** Lines over the last minutes; the legend shows the newest values, or those under the pointer. */
export function TimeChart({ label, times, lines, windowSeconds, format }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const dark = useDark();
  const names = lines.map((line) => `${line.label}|${line.colour}`).join('\n');
  const data = useMemo(() => toData(times, lines), [times, lines]);
  const newest = useRef(data);
  newest.current = data;
  const range = useRef(windowSeconds);
  range.current = windowSeconds;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const made = new uPlot(
      options(names.split('\n'), style, element.clientWidth, () => range.current, format, setPointed),
      newest.current,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
    // A new theme or other lines need a new plot: uPlot reads colours once.
  }, [names, dark, format]);

  useEffect(() => plot.current?.setData(data), [data]);

  const index = pointed ?? times.length - 1;
  return (
    <figure className="nv-chart" aria-label={label}>
      <figcaption className="nv-chart__legend">
        {lines.map((line) => (
          <span key={line.label} className="nv-chart__key">
            <svg className="nv-chart__swatch" viewBox="0 0 16 4" aria-hidden="true">
              <rect width="16" height="4" rx="2" style={{ fill: `var(${line.colour})` }} />
            </svg>
            {line.label} <strong>{format(line.values[index])}</strong>
          </span>
        ))}
      </figcaption>
      <div ref={box} className="nv-chart__plot" aria-hidden="true" />
    </figure>
  );
}

function toData(times: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [[...times], ...lines.map((line) => line.values.map((value) => value ?? null))];
}

function options(
  names: readonly string[],
  style: CSSStyleDeclaration,
  width: number,
  windowSeconds: () => number,
  format: (value: number | undefined) => string,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const text = style.getPropertyValue('--nv-chart-text').trim();
  const grid = { stroke: style.getPropertyValue('--nv-chart-grid').trim(), width: 1 };
  const font = `12px ${style.fontFamily}`;
  return {
    width,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: (_plot, min, max) => shown(min, max, windowSeconds()) },
      y: { range: (_plot, _min, max) => [0, Math.max(max ?? 0, 1) * 1.12] },
    },
    axes: [
      { stroke: text, grid: { show: false }, ticks: { show: false }, font, size: 32, gap: 9, values: (_plot, ticks) => ticks.map(clock), space: 84 },
      { stroke: text, grid, ticks: { show: false }, font, size: 74, gap: 4, values: (_plot, ticks) => ticks.map((v) => format(v)), space: 36 },
    ],
    series: [
      {},
      ...names.map((name): uPlot.Series => {
        const [label, variable] = name.split('|') as [string, string];
        const colour = style.getPropertyValue(variable).trim();
        return { label, stroke: colour, fill: `${colour}1f`, width: 2, points: { show: false }, spanGaps: false };
      }),
    ],
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
  };
}

/** What the time axis shows; before the first reading, the last minute. */
function shown(oldest: number, newest: number, longest: number): [number, number] {
  const end = newest || Date.now() / 1000;
  return [end - span(newest ? newest - oldest : 0, longest), end];
}

function span(history: number, longest: number): number {
  return Math.min(longest, Math.max(SHORTEST_SECONDS, history));
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}
