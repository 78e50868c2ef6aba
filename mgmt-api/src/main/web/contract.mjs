// Takes from the contract what the pages' forms need: kinds of objects, who may do what with them, and the schemas of their
// fields. Writes src/api/contract.gen.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { load } from 'js-yaml';

const contract = load(readFileSync(new URL('../resources/openapi.yaml', import.meta.url), 'utf8'));
const schemas = contract.components.schemas;

const bodyOf = (operation) => operation?.requestBody?.content?.['application/json']?.schema?.$ref?.split('/').at(-1);
const permissionOf = (operation) => operation?.['x-nvgate-permission'];

function kindOf(path) {
  const kind = path.slice('/api/v1/'.length);
  const [all, one] = [contract.paths[path], contract.paths[`${path}/{id}`]];
  if (!one?.patch || !all.post) return undefined;
  return {
    kind,
    about: contract.tags.find((tag) => tag.name === kind)?.description ?? '',
    create: bodyOf(all.post),
    update: bodyOf(one.patch),
    may: { list: permissionOf(all.get), create: permissionOf(all.post), update: permissionOf(one.patch), remove: permissionOf(one.delete) },
  };
}

/** Names of schemas that a schema refers to, itself and by way of others. */
function collect(name, found) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, other] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/([A-Za-z0-9]+)"/g)) collect(other, found);
  return found;
}

const kinds = Object.keys(contract.paths).filter((path) => /^\/api\/v1\/[a-z-]+$/.test(path)).map(kindOf).filter(Boolean);
const names = new Set();
for (const kind of kinds) for (const name of [kind.create, kind.update]) collect(name, names);
collect('VirtualNetworkCreate', names);
const used = Object.fromEntries([...names].sort().map((name) => [name, schemas[name]]));
writeFileSync(new URL('src/api/contract.gen.json', import.meta.url), JSON.stringify({ kinds, schemas: used }));
