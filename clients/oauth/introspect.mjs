// Introspects keys with openid-client, in both ways in which a client can send its credential.
// `introspect.py` runs this with the address of the server, the key of the caller, a key that works, and one that does not.

import assert from "node:assert/strict";

import {
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  allowInsecureRequests,
  tokenIntrospection,
} from "openid-client";

const [address, secret, good, bad] = process.argv.slice(2);
const server = { issuer: address, introspection_endpoint: `${address}/v1/introspect` };

for (const method of [ClientSecretBasic, ClientSecretPost]) {
  const client = new Configuration(server, "my client", undefined, method(secret));
  allowInsecureRequests(client);
  const found = await tokenIntrospection(client, good);
  assert.equal(found.active, true);
  assert.equal(found.scope, "read");
  assert.deepEqual(await tokenIntrospection(client, bad), { active: false });

  const stranger = new Configuration(server, "my client", undefined, method(bad));
  allowInsecureRequests(stranger);
  await assert.rejects(tokenIntrospection(stranger, good));
}
console.log("openid-client: both ways work");
