import { Link } from 'react-router';
import { EmptyState, EmptyStateBody } from '@patternfly/react-core/dist/esm/components/EmptyState';
import { text } from '../text/en';

export function NotFoundPage() {
  return (
    <EmptyState titleText={text.notFound.title} headingLevel="h1">
      <EmptyStateBody>
        {text.notFound.body} <Link to="/">{text.notFound.home}</Link>
      </EmptyStateBody>
    </EmptyState>
  );
}
