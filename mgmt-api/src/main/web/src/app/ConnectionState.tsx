import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { Tooltip } from '@patternfly/react-core/dist/esm/components/Tooltip';
import type { ReactNode } from 'react';
import { useLive } from '../api/live';
import type { LiveMode } from '../api/liveStore';
import { count } from '../domain/units';
import { text } from '../text/en';

const STATUS: Record<LiveMode, 'success' | 'info' | 'warning' | 'danger'> = {
  connecting: 'info',
  live: 'success',
  polling: 'warning',
  offline: 'danger',
};

/** Says how this page gets its data, and the head revision it shows. */
export function ConnectionState(): ReactNode {
  const { mode, overview } = useLive();
  return (
    <div className="nv-connection">
      {overview && (
        <Tooltip content={text.revisionHelp}>
          <span className="nv-revision" tabIndex={0}>
            <span className="nv-revision__word">{text.revision} </span>
            <strong data-testid="head-revision">{count(overview.revision)}</strong>
          </span>
        </Tooltip>
      )}
      <Tooltip content={text.connection.help[mode]}>
        <span tabIndex={0} role="status" aria-label={`${text.connection[mode]}. ${text.connection.help[mode]}`}>
          <Label status={STATUS[mode]} variant="outline" isCompact data-testid="connection" data-mode={mode}>
            {text.connection[mode]}
          </Label>
        </span>
      </Tooltip>
    </div>
  );
}
