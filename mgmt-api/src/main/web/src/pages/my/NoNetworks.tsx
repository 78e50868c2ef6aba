import { EmptyState, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import NetworkWiredIcon from '@patternfly/react-icons/dist/esm/icons/network-wired-icon';
import { Link } from 'react-router';
import { useMay } from '../../api/session';
import { useChoices } from '../../form/kinds';
import { myText as t } from '../../text/my';

/** What stands where a tenant's networks would: the way to the first. */
export function NoNetworks() {
  const may = useMay();
  const subscriptions = useChoices('subscriptions').data;
  const possible = subscriptions && subscriptions.total > 0;
  return (
    <EmptyState titleText={t.emptyTitle} icon={NetworkWiredIcon} headingLevel="h2" variant="sm">
      <EmptyStateBody>{subscriptions && !possible ? t.noSubscription : t.emptyBody}</EmptyStateBody>
      {possible && may('tenant-manage') && (
        <EmptyStateFooter><Link className="pf-v6-c-button pf-m-primary" to="/my/networks/new">{t.create}</Link></EmptyStateFooter>
      )}
    </EmptyState>
  );
}
