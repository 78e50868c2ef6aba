import { FormGroup, FormHelperText } from '@patternfly/react-core/dist/esm/components/Form';
import { HelperText, HelperTextItem } from '@patternfly/react-core/dist/esm/components/HelperText';
import type { ReactNode } from 'react';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly required?: boolean;
  readonly help?: string;
  readonly wrong?: string;
  readonly children: ReactNode;
}

export const helpId = (id: string): string => `${id}-help`;

/** A labelled input with its explanation below it, or what is wrong with it. */
export function FieldRow({ id, label, required = false, help, wrong, children }: Props) {
  return (
    <FormGroup label={label} isRequired={required} fieldId={id}>
      {children}
      {(wrong ?? help) && (
        <FormHelperText>
          <HelperText id={helpId(id)} isLiveRegion={wrong !== undefined}>
            <HelperTextItem variant={wrong ? 'error' : 'default'}>{wrong ?? help}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
