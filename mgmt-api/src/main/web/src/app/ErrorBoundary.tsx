import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { EmptyState, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { text } from '../text/en';

/** Keeps the frame alive when a page fails. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <EmptyState status="danger" icon={ExclamationCircleIcon} titleText={text.crash.title} headingLevel="h1">
        <EmptyStateBody>{text.crash.body}</EmptyStateBody>
        <EmptyStateFooter>
          <Button onClick={() => window.location.reload()}>{text.crash.reload}</Button>
        </EmptyStateFooter>
      </EmptyState>
    );
  }
}
