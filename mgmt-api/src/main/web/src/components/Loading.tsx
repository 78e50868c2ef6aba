import { Bullseye } from '@patternfly/react-core/dist/esm/layouts/Bullseye';
import { Spinner } from '@patternfly/react-core/dist/esm/components/Spinner';
import { text } from '../text/en';

export function Loading({ label = text.loading }: { label?: string }) {
  return (
    <Bullseye className="nv-loading">
      <Spinner aria-label={label} />
    </Bullseye>
  );
}
