import { lazy, Suspense } from 'react';
import type { NextStepProps } from './NextStepView';

const View = lazy(() => import('./NextStepView'));

/** An empty state that says what to do next; its code is loaded when something is empty. */
export function NextStep(props: NextStepProps) {
  return (
    <Suspense>
      <View {...props} />
    </Suspense>
  );
}
