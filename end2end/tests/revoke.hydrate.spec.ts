import { choose, dialog, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a revoked key is refused at once, and its history shows the reason", async ({
  page,
  openAs,
  organization,
}) => {
  const made = await organization.rest.createKey({ name: "old-laptop" });
  await openAs(organization.admin, "/keys");
  await choose(page, "old-laptop", "Revoke…");
  const panel = dialog(page, "Revoke “old-laptop”?");
  await expect(panel).toContainText("It has never been used.");
  await panel.getByLabel("Reason").fill("The laptop was sold.");
  await panel.getByRole("button", { name: "Revoke key" }).click();

  await expect(page.getByText("“old-laptop” was revoked. It no longer works.")).toBeVisible();
  expect(await organization.rest.accepts(made.key)).toBe(false);
  await expect(rowOf(page, "old-laptop")).toHaveCount(0);

  await page
    .getByRole("navigation", { name: "Views of the keys" })
    .getByRole("link", { name: /^Revoked/ })
    .click();
  await rowOf(page, "old-laptop").getByRole("link", { name: "old-laptop" }).click();
  await expect(page.getByText("Revoked").first()).toBeVisible();
  await expect(page.getByRole("list", { name: "History of the key" })).toContainText("The laptop was sold.");
  await page.getByRole("button", { name: "More actions" }).click();
  await expect(page.getByRole("button", { name: "Revoke…" })).toBeDisabled();
  await expect(
    page.getByText("A revoked key cannot be restored. Create a similar key instead."),
  ).toBeVisible();
});

test("the name has to be typed before a key in use is revoked", async ({ page, openAs, organization }) => {
  const made = await organization.rest.createKey({ name: "in use" });
  expect(await organization.rest.accepts(made.key)).toBe(true);
  await openAs(organization.admin, "/keys");
  await expect(async () => {
    await page.reload();
    await expect(rowOf(page, "in use")).not.toContainText("Never used", { timeout: 500 });
  }).toPass();
  await openAs(organization.admin, "/keys");
  await choose(page, "in use", "Revoke…");
  const panel = dialog(page, "Revoke “in use”?");
  const revoke = panel.getByRole("button", { name: "Revoke key" });
  await expect(panel).toContainText("It was last used on");
  await expect(revoke).toBeDisabled();
  await panel.getByLabel("Type “in use” to confirm").fill("in us");
  await expect(revoke).toBeDisabled();
  await panel.getByLabel("Type “in use” to confirm").fill("in use");
  await revoke.click();
  await expect(panel).toBeHidden();
  expect(await organization.rest.accepts(made.key)).toBe(false);
});

test("a disabled key is refused until it is enabled again", async ({ page, openAs, organization }) => {
  const made = await organization.rest.createKey({ name: "pausing" });
  await openAs(organization.admin, "/keys");
  await choose(page, "pausing", "Revoke…");
  await dialog(page, "Revoke “pausing”?").getByRole("button", { name: "Disable instead" }).click();
  await dialog(page, "Disable “pausing”?").getByRole("button", { name: "Disable key" }).click();
  await expect(rowOf(page, "pausing").getByText("Disabled", { exact: true })).toBeVisible();
  expect(await organization.rest.accepts(made.key)).toBe(false);

  await choose(page, "pausing", "Enable");
  await expect(page.getByText("“pausing” works again.")).toBeVisible();
  await expect(rowOf(page, "pausing").getByText("Active")).toBeVisible();
  expect(await organization.rest.accepts(made.key)).toBe(true);
});

test("the admin key cannot be changed, and the page says why", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/keys");
  await page.getByRole("button", { name: "Actions for admin-key" }).click();
  const row = rowOf(page, "admin-key");
  for (const item of ["Edit…", "Rotate secret…", "Disable…", "Revoke…"]) {
    await expect(row.getByRole("button", { name: item })).toBeDisabled();
  }
  await expect(row.getByText("The admin-key is protected")).toBeVisible();
  await page.keyboard.press("Escape");
  await row.getByRole("link", { name: "admin-key" }).click();
  await expect(page.getByRole("heading", { name: "admin-key", level: 1 })).toBeVisible();
  await expect(page.getByRole("button", { name: "Rotate" })).toHaveCount(0);
});
