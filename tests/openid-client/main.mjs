// An application with the npm package openid-client, for the tests of tests/bridge/other_relying_parties.
//
//   node main.mjs FOLDER      FOLDER/node_modules has the package (.ci/fetch-openid-client)
//
// It speaks in lines of JSON: hears {"do", …}, says what came of it or {"error"}, and ends when its stdin does, so that
// it never outlives the test that started it. The browser is the test's.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { relyingParty } from './relying-party.mjs';

const require = createRequire(`${process.argv[2]}/node_modules/`);
const brought = (name) => import(pathToFileURL(require.resolve(name)));
const say = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);

const party = relyingParty(await brought('openid-client'), await brought('jose'));
for await (const line of createInterface({ input: process.stdin })) {
  const { do: what, ...wanted } = JSON.parse(line);
  try {
    say(await party[what](wanted));
  } catch (error) {
    say({ error: error.error ?? error.code ?? error.name, message: error.message, cause: error.cause?.message });
  }
}
process.exit(0);
