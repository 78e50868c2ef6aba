import { Alert, AlertActionCloseButton, AlertActionLink, AlertGroup } from '@patternfly/react-core/dist/esm/components/Alert';
import { useSyncExternalStore } from 'react';
import { closeNotice, onNotices, shownNotices } from './noticeStore';

export function Notices() {
  const shown = useSyncExternalStore(onNotices, shownNotices);
  return (
    <AlertGroup isToast isLiveRegion>
      {shown.map(({ id, title, body, variant, action }) => (
        <Alert
          key={id}
          variant={variant}
          title={title}
          data-testid="notice"
          actionClose={<AlertActionCloseButton title={title} onClose={() => closeNotice(id)} />}
          actionLinks={
            action && (
              <AlertActionLink
                onClick={() => {
                  closeNotice(id);
                  action.run();
                }}
              >
                {action.label}
              </AlertActionLink>
            )
          }
        >
          {body}
        </Alert>
      ))}
    </AlertGroup>
  );
}
