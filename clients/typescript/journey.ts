/** Creates, lists, rotates and revokes a key. Knows the API only from types generated from its description. */

import assert from "node:assert/strict";

import createClient from "openapi-fetch";

import type { components, paths } from "./schema.js";

type Key = components["schemas"]["APIKeyModel"];

const baseUrl = setting("KEYSTEAD_ADDRESS");
const admin = client(setting("KEYSTEAD_ADMIN_KEY"));
const path = { user_email: "ada@acme.example" };
const keys = "/v1/organizations/users/{user_email}/api-keys";
const name = "from a/typed client";

const made = await admin.POST(keys, {
  params: { path },
  body: {
    name,
    permissions: ["read", "write"],
    scopes: [{ resource_type: "bucket", resource_id: "prod-*", operations: ["read_data"] }],
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  },
});
const created = whole(made);
assert.deepEqual(created.permissions, ["read", "write"]);
assert.equal(created.status, "active");

assert.deepEqual((await active()).map((key) => key.name), [name, "admin-key"]);
const own = whole(await client(created.key).GET("/v1/me"));
assert.equal(own.key.name, name);

const rotated = whole(
  await admin.POST(`${keys}/{key_name}/rotate`, { params: { path: { ...path, key_name: name } } }),
);
assert.equal(rotated.key_id, created.key_id);
assert.notEqual(rotated.key, created.key);
const refused = await client(created.key).GET("/v1/me");
assert.equal(refused.error?.error.type, "UnauthorizedError");

const gone = await admin.DELETE(`${keys}/{key_name}`, { params: { path: { ...path, key_name: name } } });
assert.equal(whole(gone).success, true);
assert.deepEqual((await active()).map((key) => key.name), ["admin-key"]);

const wrong = await admin.POST(keys, { params: { path }, body: { name: ".." } });
assert.equal(wrong.error?.detail?.[0]?.type, "value_error");
console.log("TypeScript client: one journey passed");

function client(key: string) {
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
}

async function active(): Promise<Key[]> {
  return whole(await admin.GET(keys, { params: { path } })).results;
}

/** The body of a successful response. Fails on any other response. */
function whole<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  assert.ok(answer.data !== undefined, `${answer.response.status}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

function setting(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}
