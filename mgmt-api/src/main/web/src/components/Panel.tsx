import { Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core/dist/esm/components/Card';
import { type ReactNode, useId } from 'react';
import { Help } from './Help';

interface Props {
  readonly title: ReactNode;
  readonly help?: string;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
  readonly testId?: string;
}

/** A titled card; a landmark by its title. */
export function Panel({ title, help, actions, className, children, testId }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={className} data-testid={testId}>
      <Card isFullHeight>
        <CardHeader actions={actions ? { actions, hasNoOffset: true } : undefined}>
          <CardTitle>
            <h2 id={id} className="nv-panel-title">
              {title}
            </h2>
            {help && <Help text={help} />}
          </CardTitle>
        </CardHeader>
        <CardBody>{children}</CardBody>
      </Card>
    </section>
  );
}
