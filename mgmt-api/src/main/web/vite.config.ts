import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { unusedThemes } from './themes.mjs';

const manager = process.env.NVGATE_MANAGER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), unusedThemes()],
  build: {
    outDir: process.env.NVGATE_WEB_OUT ?? '../../../target/classes/web',
    emptyOutDir: true,
    target: 'es2022',
    // Data URLs for fonts and icons would have to be allowed in the CSP.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(['/api', '/openapi.yaml', '/metrics', '/healthz', '/readyz'].map((p) => [p, manager])),
  },
});
