// A manager made of fixtures, for working on the pages and for testing the smoke test itself. Same paths, same headers,
// counters that grow. Usage: node smoke/fixtureServer.mjs DIST [PORT]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fixtureFabric } from './fixtureFabric.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const CSP = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

export function startFixture(dist, port, fabric = fixtureFabric()) {
  const json = (response, body, status = 200) => {
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
    response.end(JSON.stringify(body));
  };
  const api = (url, response) => {
    const [, , , kind, id, view] = url.pathname.split('/');
    if (kind === 'fabric') return json(response, fabric.overview());
    if (kind === 'session') return json(response, { user: 'anonymous', role: 'ADMIN', readOnly: false, via: 'NONE', mustChangePassword: false, permissions: [] });
    if (kind === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const send = () => response.write(`event: fabric\ndata: ${JSON.stringify(fabric.overview())}\n\n`);
      send();
      const timer = setInterval(send, 1000);
      return response.on('close', () => clearInterval(timer));
    }
    if (view) {
      const rows = fabric.view(kind, id, view, url.searchParams);
      return rows ? json(response, rows) : json(response, { title: 'Not found', status: 404, detail: 'No such node', code: 'not-found' }, 404);
    }
    const items = fabric.objects[kind];
    if (!items) return json(response, { title: 'Not found', status: 404, detail: `No ${kind}`, code: 'not-found' }, 404);
    return json(response, { items, total: items.length, limit: 1000, offset: 0 });
  };
  const file = async (path, response) => {
    const name = extname(path) ? normalize(path) : '/index.html';
    const body = await readFile(join(dist, name));
    response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'content-security-policy': CSP });
    response.end(body);
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname.startsWith('/api/')) return api(url, response);
    file(url.pathname, response).catch(() => response.writeHead(404).end());
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const [dist, port = '0'] = process.argv.slice(2);
  const server = await startFixture(dist, Number(port));
  console.log(`http://127.0.0.1:${server.address().port}`);
}
