/** Every page and dialog of the console, with the way to reach it. For tests that apply to all of them. */

import type { Page } from "@playwright/test";

import { Organization } from "./organization.ts";
import { choose, dialog, startCreating } from "./pages.ts";
import { test as base } from "./test.ts";

/** The data that the places show. */
export interface Sample {
  organization: Organization;
  /** The id of a key in its grace period, with scopes and everything else a key can have. */
  keyId: string;
  /** The id of a service account with keys. */
  serviceAccountId: string;
  /** The id of a gateway with rules. A proxy has already asked it about a request. */
  gatewayId: string;
  /** The id of a member who has not been invited yet. */
  memberId: string;
  invitation: string;
  /** A link with which the organization's admin chooses a new password. */
  reset: string;
}

export interface Place {
  name: string;
  /** Whether the page needs no sign-in. */
  open?: boolean;
  /** The status of the page, if the page is an error. */
  status?: number;
  path: (sample: Sample) => string;
  /** The steps from the page to the place, such as opening a dialog. */
  then?: (page: Page) => Promise<unknown>;
}

export const test = base.extend<object, { sample: Sample }>({
  sample: [
    async ({ server }, use) => use(await createSample(await Organization.of(server))),
    { scope: "worker" },
  ],
});

/** Fills an organization with the data that the places show. */
export async function createSample(organization: Organization): Promise<Sample> {
  const { rest } = organization;
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString();
  const key = await rest.createKey({
    name: "billing-service",
    description: "Writes invoices. Runs on the second floor.",
    permissions: ["write"],
    scopes: [
      { resource_type: "namespace", resource_id: "prod-*", operations: ["read_data", "write_data"] },
      { resource_type: "bucket", resource_id: "invoices" },
    ],
    rate_limit_override: 600,
    expires_at: soon,
  });
  const rotate = `/v1/organizations/users/${encodeURIComponent(rest.email)}/api-keys/billing-service/rotate`;
  await rest.send("POST", rotate, { grace_period_seconds: 86_400 });
  await rest.accepts(key.key);
  await rest.createKey({
    name: "nightly backup to the cold storage in another region",
    permissions: ["delete"],
  });
  await rest.createKey({ name: "ci" });
  await rest.createKey({ name: "old laptop" });
  await rest.revokeKey("old laptop");
  const serviceAccount = await rest.createServiceAccount(
    "nightly-backup",
    ["apikey:read", "apikey:create", "serviceaccount:read", "workflow:execute"],
    "Copies the archive to another region at night.",
  );
  const used = await rest.createServiceAccountKey(serviceAccount.id, "frankfurt");
  await rest.opens(used.key);
  await rest.createServiceAccountKey(serviceAccount.id, "a second place with quite a long name for a key");
  await rest.createServiceAccount("Partner integration of the colleagues in the north", ["workflow:execute"]);
  await rest.disableServiceAccount((await rest.createServiceAccount("old crawler")).id);
  const gatewayId = await rest.createGateway({
    name: "Public API",
    rules: [
      { path: "/healthz", access: "open" },
      {
        method: "GET",
        path: "/v1/buckets/{bucket}/**",
        permission: "read",
        resource: { type: "bucket", id: "{bucket}", operation: "read_data" },
      },
      { path: "/v1/**", permission: "write" },
      { path: "/internal/**", access: "closed" },
    ],
  });
  await rest.asProxy(gatewayId, used.key, "/v1/things");
  await rest.asProxy(gatewayId, undefined, "/v1/things");
  await rest.createGateway({ name: "Files of the colleagues in the north, behind Caddy", key_header: "X-Api-Key" });
  const member = await organization.invited("viewer", "Vera Viewer");
  await organization.invited("member", "Maximilian Longname-Hohenstein");
  return {
    organization,
    keyId: key.key_id,
    serviceAccountId: serviceAccount.id,
    gatewayId,
    memberId: member.id,
    invitation: await organization.invitation(member.id),
    reset: await organization.server.resetPassword(organization.admin.email),
  };
}

const member = (action: string) => (sample: Sample) => `/members?do=${action}&user=${sample.memberId}`;
const serviceAccount = (action: string) => (sample: Sample) =>
  `/service-accounts?do=${action}&account=${sample.serviceAccountId}`;
const ofTheServiceAccount = (sample: Sample) => `/service-accounts/${sample.serviceAccountId}`;
const ofTheGateway = (sample: Sample) => `/gateways/${sample.gatewayId}`;
const ofTheKey = (sample: Sample) => `/keys/${sample.keyId}`;
const keys = () => "/keys";

export const PLACES: Place[] = [
  { name: "sign in", open: true, path: () => "/login" },
  { name: "sign in after the session has ended", open: true, path: () => "/login?ended" },
  { name: "join", open: true, path: (sample) => sample.invitation },
  { name: "dead invitation", open: true, status: 404, path: () => "/invitation?token=x" },
  { name: "new password", open: true, path: (sample) => sample.reset },
  { name: "dead link for a new password", open: true, status: 404, path: () => "/reset?token=x" },
  { name: "set up already", open: true, path: () => "/setup?token=x" },
  { name: "page not found", open: true, status: 404, path: () => "/nothing-here" },
  { name: "keys", path: keys },
  { name: "keys of a view", path: () => "/keys?view=revoked" },
  {
    name: "keys of an environment with metadata",
    path: () => "/keys?environment=live&metadata.team=payments&sort=environment",
    then: (page) => page.getByRole("button", { name: "Metadata", exact: true }).click(),
  },
  { name: "keys without a match", path: () => "/keys?q=nothing&permission=admin" },
  { name: "key", path: ofTheKey },
  { name: "key not found", status: 404, path: () => "/keys/key_none" },
  { name: "service accounts", path: () => "/service-accounts" },
  { name: "all service accounts", path: () => "/service-accounts?status=all" },
  { name: "service accounts without a match", path: () => "/service-accounts?search=nothing" },
  { name: "service account", path: ofTheServiceAccount },
  { name: "service account not found", status: 404, path: () => "/service-accounts/sa_none" },
  { name: "create a service account", path: () => "/service-accounts?do=create" },
  { name: "edit a service account", path: serviceAccount("edit") },
  { name: "disable a service account", path: serviceAccount("disable") },
  {
    name: "menu of a service account",
    path: () => "/service-accounts",
    then: (page) => page.getByRole("button", { name: "Actions for nightly-backup" }).click(),
  },
  { name: "keys of a service account", path: ({ serviceAccountId }) => `/keys?owner=${serviceAccountId}` },
  {
    name: "create a key for a service account",
    path: ({ serviceAccountId }) => `/keys?owner=${serviceAccountId}&create=1`,
  },
  { name: "gateways", path: () => "/gateways" },
  { name: "gateway", path: ofTheGateway },
  { name: "gateway not found", status: 404, path: () => "/gateways/gw_none" },
  {
    name: "create a gateway",
    path: () => "/gateways?do=create",
    then: async (page) => {
      const form = dialog(page, "Create a gateway");
      await form.getByLabel("Path").fill("v1");
      await form.getByText("Only if the key's scopes cover").click();
      await form.getByRole("button", { name: "Create gateway" }).click();
    },
  },
  { name: "edit a gateway", path: (sample) => `${ofTheGateway(sample)}?do=edit` },
  { name: "remove a gateway", path: (sample) => `${ofTheGateway(sample)}?do=remove` },
  {
    name: "menu of a gateway",
    path: () => "/gateways",
    then: (page) => page.getByRole("button", { name: "Actions for Public API" }).click(),
  },
  { name: "connect", path: () => "/connect" },
  { name: "connect with Go", path: () => "/connect?for=go" },
  { name: "connect nginx", path: ({ gatewayId }) => `/connect?for=nginx&gateway=${gatewayId}` },
  { name: "members", path: () => "/members" },
  { name: "members without a match", path: () => "/members?search=nothing" },
  { name: "settings", path: () => "/settings" },
  { name: "account", path: () => "/account" },
  {
    name: "create a key",
    path: keys,
    then: async (page) => {
      const form = await startCreating(page);
      await form.getByLabel("Expires").selectOption({ label: "On a date…" });
      await form.getByRole("button", { name: "Add a scope" }).click();
      await form.getByRole("button", { name: "Add a row" }).click();
      await form.getByLabel("Value in row 1").fill("of a row without a name");
      await form.getByRole("button", { name: "Create key" }).click();
    },
  },
  {
    name: "reveal a secret",
    path: keys,
    then: async (page) => {
      const form = await startCreating(page);
      await form.getByLabel("Name").fill(`revealed ${Date.now()} ${Math.random()}`);
      await form.getByRole("button", { name: "Create key" }).click();
      const reveal = dialog(page, "Your new key");
      await reveal.getByRole("tab", { name: "curl" }).click();
      await reveal.getByRole("tabpanel").getByRole("button", { name: "Show" }).click();
      await page.keyboard.press("Escape");
    },
  },
  { name: "edit a key", path: keys, then: (page) => choose(page, "billing-service", "Edit…") },
  { name: "rotate a key", path: keys, then: (page) => choose(page, "billing-service", "Rotate secret…") },
  { name: "disable a key", path: keys, then: (page) => choose(page, "ci", "Disable…") },
  { name: "revoke a key", path: keys, then: (page) => choose(page, "ci", "Revoke…") },
  {
    name: "menu of a key",
    path: keys,
    then: (page) => page.getByRole("button", { name: "Actions for admin-key" }).click(),
  },
  {
    name: "extend a grace period",
    path: ofTheKey,
    then: (page) => page.getByRole("button", { name: "Extend…" }).click(),
  },
  { name: "add a member", path: () => "/members?do=add" },
  { name: "change a member", path: member("edit") },
  { name: "invite a member", path: member("invite") },
  { name: "suspend a member", path: member("suspend") },
  { name: "remove a member", path: member("remove") },
  {
    name: "remove the only admin",
    path: ({ organization }) => `/members?do=remove&user=${organization.admin.id}`,
  },
];

/** Goes to a place. If the place needs a sign-in, the browser must be signed in already. */
export async function goTo(
  page: Page,
  place: Place,
  sample: Sample,
  untilHydrated: (page: Page) => Promise<void>,
): Promise<void> {
  await page.goto(place.path(sample));
  await untilHydrated(page);
  if (place.then) {
    await place.then(page);
  }
}
