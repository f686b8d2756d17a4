import { choose, dialog, readSecret, startCreating } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a member creates a key with at most their own permissions", async ({
  page,
  openAs,
  organization,
}) => {
  const member = await organization.person("member");
  await openAs(member, "/keys");
  const form = await startCreating(page);
  await expect(form.getByLabel("Admin", { exact: true })).toBeDisabled();
  await expect(form.getByText("You cannot grant this. The strongest permission of a member is delete.")).toBeVisible();
  await expect(form.getByLabel("Owner")).toHaveCount(0);
  await form.getByLabel("Name").fill("mine");
  await form.getByRole("button", { name: "Create key" }).click();

  const secret = await readSecret(page);
  expect(await organization.rest.accepts(secret, member.email)).toBe(true);
  expect(await organization.rest.key("mine", member.email)).toMatchObject({ status: "active" });
});

test("a viewer sees their keys with every action disabled, and the reason", async ({
  page,
  openAs,
  organization,
}) => {
  const viewer = await organization.person("viewer");
  await organization.rest.createKey({ name: "given" }, viewer.email);
  await openAs(viewer, "/keys");
  await page.getByRole("button", { name: "Actions for given" }).click();
  for (const item of ["Edit…", "Rotate secret…", "Disable…", "Revoke…"]) {
    await expect(page.getByRole("button", { name: item })).toBeDisabled();
  }
  await expect(
    page.getByText("Only the owner of this key and the organization's admins can change it."),
  ).toBeVisible();
});

test("an admin creates a key for a member, and the member's role limits it", async ({ page, openAs, organization }) => {
  const viewer = await organization.invited("viewer", "Vera Viewer");
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  await form.getByLabel("Name").fill("for vera");
  await form.getByLabel("Owner").selectOption({ label: `Vera Viewer · ${viewer.email}` });
  await form.getByLabel("Write", { exact: true }).check();
  await expect(form.getByText("The owner is a viewer, so the key can use at most the permission read")).toBeVisible();
  await form.getByRole("button", { name: "Create key" }).click();
  const secret = await readSecret(page);
  expect(await organization.rest.accepts(secret, viewer.email)).toBe(true);
});

test("after the role of an admin is changed, their next action is refused and does nothing", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  const second = await organization.person("admin");
  const made = await organization.rest.createKey({ name: "kept" });
  await openAs(second, "/keys");
  const path = `/v1/organizations/users/${encodeURIComponent(second.email)}`;
  expect((await organization.rest.send("PATCH", path, { role: "viewer" })).status).toBe(200);

  watch.allowStatus(403, 404);
  await choose(page, "kept", "Disable…");
  await dialog(page, "Disable “kept”?").getByRole("button", { name: "Disable key" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  expect(await organization.rest.accepts(made.key)).toBe(true);
});
