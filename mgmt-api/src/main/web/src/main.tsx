import '@patternfly/react-core/dist/styles/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/queries';
import { App } from './app/App';
import { LoginGate } from './app/LoginGate';
// After all components, whose styles it adjusts.
import './styles/app.css';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LoginGate>
        <App />
      </LoginGate>
    </QueryClientProvider>
  </StrictMode>,
);
