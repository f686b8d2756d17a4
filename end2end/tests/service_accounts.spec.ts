import { unique } from "../support/organization.ts";
import { serviceAccountRow, chooseFor, dialog, heading, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("an admin creates a service account and sees its page", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/service-accounts");
  await expect(page.getByRole("heading", { name: "No service accounts yet" })).toBeVisible();
  await page.getByRole("link", { name: "Create service account" }).first().click();
  const form = dialog(page, "Create a service account");
  await form.getByLabel("Name", { exact: true }).fill("nightly-backup");
  await form.getByLabel("Description").fill("Copies the archive at night.");
  await form.getByLabel("See keys").check();
  await form.getByLabel("Permissions in your own services").fill("workflow:execute org:read");
  await form.getByLabel("Name in row 1").fill("team");
  await form.getByLabel("Value in row 1").fill("archive");
  await form.getByRole("button", { name: "Create service account" }).click();

  await expect(heading(page, "nightly-backup")).toBeVisible();
  await expect(page.getByText("Copies the archive at night.").first()).toBeVisible();
  const permissions = page.getByRole("region", { name: "Permissions" });
  await expect(permissions).toContainText("See keys");
  await expect(permissions).toContainText("workflow:execute, org:read");
  await expect(page.getByRole("region", { name: "Metadata" })).toContainText("archive");
  await expect(page.getByRole("heading", { name: "No working keys" })).toBeVisible();
  await expect(page.getByRole("list", { name: "History of the service account" })).toContainText(
    `Service account created by ${organization.admin.email}`,
  );
  await page.goto("/service-accounts");
  await expect(serviceAccountRow(page, "nightly-backup")).toContainText("apikey:read, workflow:execute and 1 more");
  await expect(serviceAccountRow(page, "nightly-backup")).toContainText("No keys");
});

test("a service account is changed, and permissions that are not ticked are removed", async ({
  page,
  openAs,
  organization,
}) => {
  const { rest, admin } = organization;
  const made = await rest.createServiceAccount("exporter", ["apikey:read", "apikey:delete", "flow:run"], "Old.");
  await openAs(admin, "/service-accounts");
  await chooseFor(page, "exporter", "Edit…");
  const form = dialog(page, "Edit the service account");
  await expect(form.getByLabel("Name", { exact: true })).toHaveValue("exporter");
  await expect(form.getByLabel("Revoke keys")).toBeChecked();
  await expect(form.getByLabel("Permissions in your own services")).toHaveValue("flow:run");
  await form.getByLabel("Name", { exact: true }).fill("exporter-eu");
  await form.getByLabel("Revoke keys").uncheck();
  await form.getByRole("button", { name: "Save changes" }).click();

  await expect(serviceAccountRow(page, "exporter-eu")).toContainText("apikey:read, flow:run");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goto(`/service-accounts/${made.id}`);
  const history = page.getByRole("list", { name: "History of the service account" });
  await expect(history).toContainText("Name: exporter → exporter-eu");
  await expect(history).toContainText("Permissions: apikey:read, apikey:delete, flow:run → apikey:read, flow:run");
});

test("disabling a service account ends its keys for good", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const made = await rest.createServiceAccount("crawler");
  const key = await rest.createServiceAccountKey(made.id, "north");
  await openAs(admin, "/service-accounts");
  await chooseFor(page, "crawler", "Disable…");
  const panel = dialog(page, "Disable the service account");
  await expect(panel).toContainText("“crawler” cannot be restored");
  await expect(panel).toContainText("1 key stops working at once and cannot be restored.");
  await expect(panel).toContainText("Never used");
  await panel.getByRole("button", { name: "Disable for good" }).click();

  await expect(page.getByRole("heading", { name: "No active service accounts" })).toBeVisible();
  expect(await rest.opens(key.key)).toBe(false);
  await page.goto("/service-accounts?status=disabled");
  await expect(serviceAccountRow(page, "crawler")).toContainText("Disabled");
  await page.getByRole("link", { name: "crawler", exact: true }).click();
  await expect(page.getByText("Disabled for good")).toBeVisible();
  await expect(page.getByRole("link", { name: "Create key" })).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Keys of the service account" })).toContainText("Revoked");
});

test("the page of a service account lists its keys and has a link to all of them", async ({
  page,
  openAs,
  organization,
}) => {
  const { rest, admin } = organization;
  const made = await rest.createServiceAccount("runner");
  await rest.createServiceAccountKey(made.id, "one");
  await rest.createServiceAccountKey(made.id, "two");
  await rest.createKey({ name: "of the admin" });
  await openAs(admin, "/service-accounts");
  await serviceAccountRow(page, "runner").getByRole("link", { name: "2 keys" }).click();
  await expect(rowOf(page, "one")).toContainText("runner");
  await expect(rowOf(page, "of the admin")).toHaveCount(0);

  await page.goto(`/service-accounts/${made.id}`);
  const keys = page.getByRole("table", { name: "Keys of the service account" });
  await expect(keys).toContainText("two");
  await keys.getByRole("link", { name: "one" }).click();
  await expect(heading(page, "one")).toBeVisible();
  const overview = page.getByRole("region", { name: "Overview" });
  await expect(overview).toContainText("Service account");
  await overview.getByRole("link", { name: "runner" }).click();
  await expect(heading(page, "runner")).toBeVisible();
  await page.getByRole("link", { name: "View all keys" }).click();
  await expect(rowOf(page, "two")).toBeVisible();
  await expect(page.getByRole("group", { name: "Active filters" })).toContainText("runner");
});

test("the address selects service accounts by name and status", async ({ page, open, openAs, organization }) => {
  const { rest, admin } = organization;
  await rest.createServiceAccount("findme now");
  await rest.disableServiceAccount((await rest.createServiceAccount("gone")).id);
  await openAs(admin, "/service-accounts?search=now");
  await expect(serviceAccountRow(page, "findme now")).toBeVisible();
  await open("/service-accounts");
  await expect(serviceAccountRow(page, "gone")).toHaveCount(0);
  await open("/service-accounts?status=all");
  await expect(serviceAccountRow(page, "gone")).toBeVisible();
  await open("/service-accounts?search=nothingatall");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByRole("link", { name: "Show all service accounts" }).click();
  await expect(serviceAccountRow(page, "gone")).toBeVisible();
});

test("only admins see service accounts", async ({ page, openAs, organization, watch }) => {
  const member = await organization.person("member");
  const made = await organization.rest.createServiceAccount(unique("hidden"));
  await openAs(member, "/keys");
  const navigation = page.getByRole("navigation", { name: "Console" });
  await expect(navigation.getByRole("link", { name: "Members" })).toHaveCount(1);
  await expect(navigation.getByRole("link", { name: "Service accounts" })).toHaveCount(0);
  watch.allowStatus(403);
  for (const path of ["/service-accounts", `/service-accounts/${made.id}`]) {
    expect((await page.goto(path))?.status()).toBe(403);
    await expect(page.getByRole("heading", { name: "Only admins see service accounts" })).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText("hidden");
  }
});

test("a service account of another organization looks like a missing one", async ({
  page,
  openAs,
  organization,
  server,
  watch,
}) => {
  const { Organization } = await import("../support/organization.ts");
  const foreign = await (await Organization.of(server)).rest.createServiceAccount("theirs");
  await openAs(organization.admin, "/service-accounts?status=all");
  await expect(page.getByRole("heading", { name: "No service accounts yet" })).toBeVisible();
  watch.allowStatus(404);
  const said = [];
  for (const id of [foreign.id, "sa_doesnotexist", "%00"]) {
    expect((await page.goto(`/service-accounts/${id}`))?.status()).toBe(404);
    said.push(await page.getByRole("main").innerText());
  }
  expect(new Set(said).size, "the same words for foreign and unknown").toBe(1);
});
