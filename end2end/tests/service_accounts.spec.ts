import { unique } from "../support/organization.ts";
import { accountRow, chooseFor, dialog, heading, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("an admin creates a service account and comes to its page", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/service-accounts");
  await expect(page.getByRole("heading", { name: "No service accounts yet" })).toBeVisible();
  await page.getByRole("link", { name: "Create service account" }).first().click();
  const form = dialog(page, "Create a service account");
  await form.getByLabel("Name", { exact: true }).fill("nightly-backup");
  await form.getByLabel("Description").fill("Copies the archive at night.");
  await form.getByLabel("See keys").check();
  await form.getByLabel("Permissions in your own services").fill("workflow:execute org:read");
  await form.getByRole("button", { name: "Create service account" }).click();

  await expect(heading(page, "nightly-backup")).toBeVisible();
  await expect(page.getByText("Copies the archive at night.").first()).toBeVisible();
  const permissions = page.getByRole("region", { name: "Permissions" });
  await expect(permissions).toContainText("See keys");
  await expect(permissions).toContainText("workflow:execute, org:read");
  await expect(page.getByRole("heading", { name: "No working keys" })).toBeVisible();
  await expect(page.getByRole("list", { name: "History of the service account" })).toContainText(
    `Service account created by ${organization.admin.email}`,
  );
  await page.goto("/service-accounts");
  await expect(accountRow(page, "nightly-backup")).toContainText("apikey:read, workflow:execute and 1 more");
  await expect(accountRow(page, "nightly-backup")).toContainText("No keys");
});

test("an account is changed, and what is not ticked is taken away", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const made = await rest.createAccount("exporter", ["apikey:read", "apikey:delete", "flow:run"], "Old.");
  await openAs(admin, "/service-accounts");
  await chooseFor(page, "exporter", "Edit…");
  const form = dialog(page, "Edit the service account");
  await expect(form.getByLabel("Name", { exact: true })).toHaveValue("exporter");
  await expect(form.getByLabel("Revoke keys")).toBeChecked();
  await expect(form.getByLabel("Permissions in your own services")).toHaveValue("flow:run");
  await form.getByLabel("Name", { exact: true }).fill("exporter-eu");
  await form.getByLabel("Revoke keys").uncheck();
  await form.getByRole("button", { name: "Save changes" }).click();

  await expect(accountRow(page, "exporter-eu")).toContainText("apikey:read, flow:run");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goto(`/service-accounts/${made.id}`);
  const history = page.getByRole("list", { name: "History of the service account" });
  await expect(history).toContainText("Name: exporter → exporter-eu");
  await expect(history).toContainText("Permissions: apikey:read, apikey:delete, flow:run → apikey:read, flow:run");
});

test("disabling an account ends its keys for good", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const made = await rest.createAccount("crawler");
  const key = await rest.createAccountKey(made.id, "north");
  await openAs(admin, "/service-accounts");
  await chooseFor(page, "crawler", "Disable…");
  const panel = dialog(page, "Disable the service account");
  await expect(panel).toContainText("“crawler” cannot be restored");
  await expect(panel).toContainText("1 key stops working immediately and cannot be restored.");
  await expect(panel).toContainText("Never used");
  await panel.getByRole("button", { name: "Disable for good" }).click();

  await expect(page.getByRole("heading", { name: "No active service accounts" })).toBeVisible();
  expect(await rest.opens(key.key)).toBe(false);
  await page.goto("/service-accounts?status=disabled");
  await expect(accountRow(page, "crawler")).toContainText("Disabled");
  await page.getByRole("link", { name: "crawler", exact: true }).click();
  await expect(page.getByText("Disabled for good")).toBeVisible();
  await expect(page.getByRole("link", { name: "Create key" })).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Keys of the service account" })).toContainText("Revoked");
});

test("an account's page lists its keys and leads to all of them", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const made = await rest.createAccount("runner");
  await rest.createAccountKey(made.id, "one");
  await rest.createAccountKey(made.id, "two");
  await rest.createKey({ name: "of the admin" });
  await openAs(admin, "/service-accounts");
  await accountRow(page, "runner").getByRole("link", { name: "2 keys" }).click();
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

test("accounts are found by name and status, by address", async ({ page, open, openAs, organization }) => {
  const { rest, admin } = organization;
  await rest.createAccount("findme now");
  await rest.disableAccount((await rest.createAccount("gone")).id);
  await openAs(admin, "/service-accounts?search=now");
  await expect(accountRow(page, "findme now")).toBeVisible();
  await open("/service-accounts");
  await expect(accountRow(page, "gone")).toHaveCount(0);
  await open("/service-accounts?status=all");
  await expect(accountRow(page, "gone")).toBeVisible();
  await open("/service-accounts?search=nothingatall");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByRole("link", { name: "Show all service accounts" }).click();
  await expect(accountRow(page, "gone")).toBeVisible();
});

test("whoever is no admin is told so", async ({ page, openAs, organization, watch }) => {
  const member = await organization.person("member");
  const made = await organization.rest.createAccount(unique("hidden"));
  await openAs(member, "/keys");
  const rooms = page.getByRole("navigation", { name: "Console" });
  await expect(rooms.getByRole("link", { name: "Members" })).toHaveCount(1);
  await expect(rooms.getByRole("link", { name: "Service accounts" })).toHaveCount(0);
  watch.allowStatus(403);
  for (const path of ["/service-accounts", `/service-accounts/${made.id}`]) {
    expect((await page.goto(path))?.status()).toBe(403);
    await expect(page.getByRole("heading", { name: "Only admins see service accounts" })).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText("hidden");
  }
});

test("another organization's account is not there", async ({ page, openAs, organization, server, watch }) => {
  const { Organization } = await import("../support/organization.ts");
  const foreign = await (await Organization.of(server)).rest.createAccount("theirs");
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
