import { ClipboardCopy } from '@patternfly/react-core/dist/esm/components/ClipboardCopy';
import { EmptyState, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import CubesIcon from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import { text } from '../text/en';

export interface NextStepProps {
  readonly title: string;
  readonly body: string;
  readonly commands: readonly string[];
  readonly headingLevel?: 'h2' | 'h3';
}

/** An empty state that says what to do next, with commands ready to copy. */
export default function NextStepView({ title, body, commands, headingLevel = 'h2' }: NextStepProps) {
  return (
    <EmptyState titleText={title} icon={CubesIcon} headingLevel={headingLevel} variant="sm">
      <EmptyStateBody>{body}</EmptyStateBody>
      <EmptyStateFooter className="nv-next">
        {commands.map((command) => (
          <ClipboardCopy
            key={command}
            isReadOnly
            isCode
            hoverTip={text.empty.copy}
            clickTip={text.empty.copied}
            textAriaLabel={title}
            toggleAriaLabel={text.empty.copy}
          >
            {command.replaceAll('{manager}', window.location.host)}
          </ClipboardCopy>
        ))}
      </EmptyStateFooter>
    </EmptyState>
  );
}
