import { choose, closeReveal, dialog, readSecret, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("with a grace period, both secrets work until the old one is ended", async ({
  page,
  openAs,
  organization,
}) => {
  const old = (await organization.rest.createKey({ name: "worker" })).key;
  await openAs(organization.admin, "/keys");
  await choose(page, "worker", "Rotate secret…");
  const form = dialog(page, "Rotate “worker”");
  await form.getByText("15 minutes", { exact: true }).click();
  await expect(form.getByText(/The old secret works until .* UTC\./)).toBeVisible();
  await form.getByRole("button", { name: "Rotate secret" }).click();

  const secret = await readSecret(page);
  expect(secret).not.toBe(old);
  expect(await organization.rest.accepts(old)).toBe(true);
  expect(await organization.rest.accepts(secret)).toBe(true);
  await closeReveal(page);

  await expect(rowOf(page, "worker").getByText("In grace")).toBeVisible();
  await rowOf(page, "worker").getByRole("link", { name: "worker", exact: true }).click();
  const panel = page.getByRole("region", { name: "Old secret" });
  await expect(panel).toContainText(`${old.slice(0, 10)}… works until`);
  await panel.getByRole("button", { name: "Extend…" }).click();
  const extend = dialog(page, "Extend the grace period");
  await extend.getByText("7 days", { exact: true }).click();
  await extend.getByRole("button", { name: "Extend" }).click();
  await expect(panel).toContainText("in 7 days");

  await panel.getByRole("button", { name: "End now" }).click();
  await expect(page.getByText("The old secret stopped working.")).toBeVisible();
  expect(await organization.rest.accepts(old)).toBe(false);
  expect(await organization.rest.accepts(secret)).toBe(true);
  await expect(panel).toBeHidden();
});

test("without a grace period, the old secret stops working at once", async ({ page, openAs, organization }) => {
  const made = await organization.rest.createKey({ name: "leaked" });
  await openAs(organization.admin, `/keys/${made.key_id}`);
  await page.getByRole("button", { name: "Rotate" }).click();
  const form = dialog(page, "Rotate “leaked”");
  await form.getByText("Now", { exact: true }).click();
  await expect(form.getByText("The old secret stops working at once.")).toBeVisible();
  await form.getByRole("button", { name: "Rotate secret" }).click();

  const secret = await readSecret(page);
  expect(await organization.rest.accepts(made.key)).toBe(false);
  expect(await organization.rest.accepts(secret)).toBe(true);
  expect((await organization.rest.key("leaked")).key_id).toBe(made.key_id);
});

test("a grace period beyond 30 days is refused in the form", async ({ page, openAs, organization }) => {
  const made = await organization.rest.createKey({ name: "patient" });
  await openAs(organization.admin, `/keys/${made.key_id}`);
  await page.getByRole("button", { name: "Rotate" }).click();
  const form = dialog(page, "Rotate “patient”");
  await form.getByText("Custom", { exact: true }).click();
  await form.getByLabel("Duration").fill("31");
  await expect(form.getByText("Use at most 2592000 seconds, which is 30 days.")).toBeVisible();
  await form.getByRole("button", { name: "Rotate secret" }).click();
  await expect(form).toBeVisible();
  expect(await organization.rest.accepts(made.key)).toBe(true);
});

test("the dialog for a longer grace period shows a refusal, but not when it is opened again", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  const made = await organization.rest.createKey({ name: "worn" });
  await openAs(organization.admin, `/keys/${made.key_id}`);
  await page.getByRole("button", { name: "Rotate" }).click();
  const form = dialog(page, "Rotate “worn”");
  await form.getByText("15 minutes", { exact: true }).click();
  await form.getByRole("button", { name: "Rotate secret" }).click();
  await closeReveal(page);

  watch.allow(/ERR_FAILED/);
  await page.route("**/console/api/keys/extend_grace", (route) => route.abort());
  const extend = dialog(page, "Extend the grace period");
  const reloaded = page.waitForResponse("**/console/api/keys/history");
  await page.getByRole("button", { name: "Extend…" }).click();
  await extend.getByRole("button", { name: "Extend" }).click();
  await reloaded;
  await expect(extend.getByRole("alert")).toContainText("The server could not be reached.");
  await extend.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Extend…" }).click();
  await expect(extend.getByRole("button", { name: "Extend" })).toBeVisible();
  await expect(extend.getByRole("alert")).toHaveCount(0);
});
