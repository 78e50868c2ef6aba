import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { ExpandableSection } from '@patternfly/react-core/dist/esm/components/ExpandableSection';
import type { components } from '../../api/schema.gen';
import { dropText } from '../../text/drops';
import { liveText } from '../../text/live';

const t = liveText.trace;
type Trace = components['schemas']['Trace'];

/** First the answer that everybody understands, then each decision for whoever wants to know. */
export function TraceAnswer({ traces }: { traces: readonly Trace[] }) {
  if (traces.length === 0) return <p role="status" className="nv-quiet">{t.none}</p>;
  return (
    <div className="nv-answers" role="status" aria-label={t.answer} data-testid="trace-answer">
      {traces.map((trace, index) => <Answer key={`${index} ${trace.packet}`} trace={trace} />)}
    </div>
  );
}

function Answer({ trace }: { trace: Trace }) {
  const dropped = trace.verdict === 'DROPPED';
  return (
    <Alert
      isInline
      variant={dropped ? 'danger' : trace.verdict === 'FORWARDED' ? 'success' : 'info'}
      title={`${t.verdicts[trace.verdict] ?? trace.verdict}: ${trace.summary}`}
      data-verdict={trace.verdict}
    >
      <p className="nv-mono nv-wrap">{trace.packet}</p>
      {dropped && trace.reason !== undefined && <p>{dropText(trace.reason).help}</p>}
      {trace.steps.length > 0 && (
        <ExpandableSection toggleText={t.steps}>
          <ol className="nv-steps">
            {trace.steps.map((step, index) => (
              <li key={`${index} ${step.step}`}>
                <strong>{step.step}</strong> {step.text}
              </li>
            ))}
          </ol>
        </ExpandableSection>
      )}
    </Alert>
  );
}
