import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery } from '@tanstack/react-query';
import { Progress } from '@patternfly/react-core/dist/esm/components/Progress';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { count } from '../../domain/units';
import type { AnyObject } from '../../form/contract';
import { useChoices } from '../../form/kinds';
import { text } from '../../text/en';
import { fieldLabel } from '../../text/forms';
import { myText } from '../../text/my';

const t = myText.usage;
const NEARLY = 0.8;
type Usage = components['schemas']['SubscriptionUsage'];
type Use = components['schemas']['QuotaUse'];

/** What each subscription uses of what its plan allows. */
export default function UsagePage() {
  const { data } = useChoices('subscriptions');
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      {!data && <Loading />}
      {data?.total === 0 && <p className="nv-quiet">{t.none}</p>}
      {data?.items.map((subscription) => <Subscription key={subscription.id} subscription={subscription} />)}
    </>
  );
}

function Subscription({ subscription }: { subscription: AnyObject }) {
  const { data, error } = useQuery({ queryKey: ['usage', subscription.id], queryFn: () => send<Usage>(`subscriptions/${subscription.id}/usage`) });
  const counted = new Set(Object.keys(data?.usage ?? {}));
  const rates = Object.entries(data?.limits ?? {}).filter(([name, limit]) => !counted.has(name) && limit !== undefined);
  return (
    <Panel title={subscription.name} testId="usage">
      {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
      {data?.state === 'SUSPENDED' && <Alert isInline variant="warning" title={t.suspended} />}
      {!data && !error && <Loading />}
      {data && (
        <div className="nv-usage">
          {Object.entries(data.usage)
            .filter(([, use]) => use.used > 0 || use.limit !== undefined)
            .map(([name, use]) => <Bar key={name} name={name} use={use} />)}
        </div>
      )}
      {rates.length > 0 && (
        <>
          <h3>{t.rates}</h3>
          <dl className="nv-properties">
            {rates.map(([name, limit]) => <div key={name}><dt>{fieldLabel(name)}</dt><dd>{count(limit)}</dd></div>)}
          </dl>
        </>
      )}
    </Panel>
  );
}

function Bar({ name, use }: { name: string; use: Use }) {
  if (use.limit === undefined) return <div data-quota={name}><strong>{fieldLabel(name)}</strong> <span className="nv-quiet">{t.unlimited(count(use.used))}</span></div>;
  const share = use.limit === 0 ? 1 : use.used / use.limit;
  const full = use.used >= use.limit;
  const label = t.of(count(use.used), count(use.limit));
  return (
    <div data-quota={name}>
      <Progress
        title={fieldLabel(name)} value={Math.min(100, share * 100)} valueText={label} size="sm"
        label={full ? `${label}, ${t.full}` : share >= NEARLY ? `${label}, ${t.nearly}` : label}
        variant={full ? 'danger' : share >= NEARLY ? 'warning' : undefined}
      />
    </div>
  );
}
