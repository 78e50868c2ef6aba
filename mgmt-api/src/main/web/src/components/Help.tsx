import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Tooltip } from '@patternfly/react-core/dist/esm/components/Tooltip';
import OutlinedQuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/outlined-question-circle-icon';

/** A question mark whose tooltip explains; reachable by keyboard, read out by screen readers. */
export function Help({ text }: { text: string }) {
  return (
    <Tooltip content={text}>
      <Button variant="plain" size="sm" hasNoPadding className="nv-help" icon={<OutlinedQuestionCircleIcon />} aria-label={text} />
    </Tooltip>
  );
}
