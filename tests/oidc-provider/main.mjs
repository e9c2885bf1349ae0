// Runs the npm package oidc-provider on a free port of this machine, for the tests of tests/bridge/another_provider.
//
//   node main.mjs FOLDER      FOLDER/node_modules has the package (.ci/fetch-oidc-provider)
//
// It speaks in lines of JSON. It says {"issuer"}, hears {"client", "person", "pushed"}, says {"ready"}, and ends when
// its stdin does, so that it never outlives the test that started it.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { listenerFor } from './provider.mjs';

const say = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);

const entrance = pathToFileURL(`${process.argv[2]}/node_modules/oidc-provider/lib/index.js`);
const { default: Provider } = await import(entrance);

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;
say({ issuer });

for await (const line of createInterface({ input: process.stdin })) {
  server.on('request', listenerFor(Provider, issuer, JSON.parse(line)));
  say({ ready: true });
}
process.exit(0);
