import { Alert, AlertActionLink } from '@patternfly/react-core/dist/esm/components/Alert';
import { liveStore, useAge, useLive } from '../api/live';
import { duration } from '../domain/units';
import { text } from '../text/en';

/** Stands above every page while the manager is unreachable. */
export function OfflineBanner() {
  const { mode, overview } = useLive();
  const age = useAge();
  if (mode !== 'offline') return null;
  return (
    <Alert
      variant="danger"
      isInline
      isLiveRegion
      className="nv-offline"
      data-testid="offline"
      title={text.offlineBanner.title}
      actionLinks={<AlertActionLink onClick={liveStore.retry}>{text.offlineBanner.retry}</AlertActionLink>}
    >
      {overview ? text.offlineBanner.body(duration((age ?? 0) / 1000)) : text.offlineBanner.never}
    </Alert>
  );
}
