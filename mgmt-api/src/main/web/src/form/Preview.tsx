import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { choiceLabel, fieldLabel, formText, KindOne } from '../text/forms';
import type { DryRun, ObjectDifference } from './contract';

const COLOURS = { CREATED: 'green', CHANGED: 'blue', DELETED: 'red' } as const;
const BOOKKEEPING = new Set(['id', 'createdRevision', 'changedRevision', 'createdBy', 'changedBy']);

/** Words of the contract's enumerations. */
const CHOICE = /^[A-Z]{3,}[A-Z0-9]*(_[A-Z0-9]+)*$/;

/** A value as people read it. */
export function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? formText.yes : formText.no;
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(shown).join(', ');
  if (typeof value === 'string' && CHOICE.test(value)) return choiceLabel(value);
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? '–' : entries.map(([name, inner]) => `${fieldLabel(name)}: ${shown(inner)}`).join('; ');
}

const isEmpty = (value: unknown): boolean => shown(value) === '–';

/** Before and after of each field that differs. */
export function Difference({ before, after }: { before?: unknown; after?: unknown }) {
  const [was, is] = [(before ?? {}) as Record<string, unknown>, (after ?? {}) as Record<string, unknown>];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => !BOOKKEEPING.has(name) && JSON.stringify(was[name]) !== JSON.stringify(is[name]) && !(isEmpty(was[name]) && isEmpty(is[name])),
  );
  return (
    <dl className="nv-difference">
      {names.map((name) => (
        <div key={name}>
          <dt>{fieldLabel(name)}</dt>
          <dd>
            {before !== undefined && after !== undefined ? (
              <>
                <del>{shown(was[name])}</del> → <ins>{shown(is[name])}</ins>
              </>
            ) : (
              shown(after === undefined ? was[name] : is[name])
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function Differences({ changes }: { changes: readonly ObjectDifference[] }) {
  return (
    <ul className="nv-differences">
      {changes.map((change) => (
        <li key={`${change.kind} ${change.id}`}>
          <Label isCompact color={COLOURS[change.change]}>{formText.changed[change.change]}</Label>{' '}
          <strong>{KindOne(change.kind)} {change.name}</strong>
          <Difference before={change.before} after={change.after} />
        </li>
      ))}
    </ul>
  );
}

/** What a change would do, as the manager says that has not done it. */
export function Preview({ preview }: { preview: DryRun }) {
  return (
    <section aria-label={formText.previewTitle} className="nv-preview" data-testid="preview" role="status">
      <h2 className="nv-panel-title">{formText.previewTitle}</h2>
      <p className="nv-quiet">{formText.previewHint}</p>
      <h3>{formText.previewObjects}</h3>
      <Differences changes={preview.changes} />
      {preview.policy.length > 0 && (
        <>
          <h3>{formText.previewNodes}</h3>
          <ul className="nv-differences">
            {preview.policy.map(({ node, total, objects }) => (
              <li key={node.id}>
                <strong>{node.name}</strong> <span className="nv-quiet">{formText.previewCount(total)}</span>
                <ul>
                  {objects.slice(0, 20).map((item) => (
                    <li key={item.key}><code className="nv-mono nv-wrap">{item.key}</code></li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
