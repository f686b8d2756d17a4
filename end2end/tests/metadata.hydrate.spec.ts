import type { Locator } from "@playwright/test";

import { choose, closeReveal, dialog, errorOf, heading, namesIn, rowOf, startCreating } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

/** One row of the metadata in a form. */
function metadataRow(form: Locator, number: number): { name: Locator; value: Locator; remove: Locator } {
  const row = form.getByRole("group", { name: `Metadata ${number}`, exact: true });
  return {
    name: row.getByLabel(`Name in row ${number}`, { exact: true }),
    value: row.getByLabel(`Value in row ${number}`, { exact: true }),
    remove: row.getByRole("button", { name: `Remove row ${number}`, exact: true }),
  };
}

test("a key of another environment with metadata is created, found, changed, and has a history", async ({
  page,
  openAs,
  organization,
}) => {
  await organization.rest.createKey({ name: "in production" });
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  await form.getByLabel("Name").fill("checkout");
  const environment = form.getByLabel("Environment");
  await expect(environment).toHaveValue("live");
  await environment.fill("Test");
  await environment.blur();
  expect(await errorOf(environment)).toContain("lower-case letters");
  await environment.fill("test");
  await form.getByRole("button", { name: "Add a row" }).click();
  const [first, second] = [metadataRow(form, 1), metadataRow(form, 2)];
  await expect(first.name).toBeFocused();
  await first.name.fill("team");
  await first.value.fill("payments");
  await form.getByRole("button", { name: "Add a row" }).click();
  await second.name.fill("team");
  await second.value.fill("4711");
  expect(await errorOf(second.name)).toBe("Another row has the same name.");
  await second.name.fill("ticket");
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(dialog(page, "Your new key")).toBeVisible();
  await closeReveal(page);

  await expect(rowOf(page, "checkout").getByTitle("Environment")).toContainText("test");
  await expect(rowOf(page, "in production").getByTitle("Environment")).toContainText("live");
  await page.getByRole("button", { name: "Environment", exact: true }).click();
  await page.getByRole("link", { name: "test", exact: true }).click();
  await expect(page).toHaveURL(`${organization.server.address}/keys?environment=test`);
  await expect.poll(() => namesIn(page)).toEqual(["checkout"]);
  await page.getByRole("button", { name: "Metadata", exact: true }).click();
  await page.getByLabel("Metadata name").fill("team");
  await page.getByLabel("Metadata value").fill("payments");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(page).toHaveURL(`${organization.server.address}/keys?environment=test&metadata.team=payments`);
  await expect(page.getByRole("group", { name: "Active filters" })).toContainText("Metadata team");
  await expect.poll(() => namesIn(page)).toEqual(["checkout"]);

  await page.getByRole("link", { name: "checkout", exact: true }).click();
  await expect(heading(page, "checkout")).toBeVisible();
  await expect(page.getByTitle("Environment")).toContainText("test");
  const metadata = page.getByRole("region", { name: "Metadata" });
  await expect(metadata).toContainText("payments");
  await expect(metadata).toContainText("4711");
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const edit = dialog(page, "Edit “checkout”");
  await expect(edit.getByLabel("Environment")).toHaveCount(0);
  await metadataRow(edit, 1).value.fill("billing");
  await metadataRow(edit, 2).remove.click();
  await expect(metadataRow(edit, 1).name).toBeFocused();
  await edit.getByRole("button", { name: "Save changes" }).click();

  await expect(page.getByText("“checkout” was changed.")).toBeVisible();
  await expect(metadata).toContainText("billing");
  await expect(metadata).not.toContainText("ticket");
  const history = page.getByRole("list", { name: "History of the key" });
  await expect(history).toContainText("Metadata “team”: payments → billing");
  await expect(history).toContainText("Metadata “ticket”: 4711");
  await expect(history).toContainText("Environment: test");
});

test("a value that is not text stays as it is until it is edited", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const made = await rest.createKey({ name: "sized" });
  const path = `/v1/api-keys/${made.key_id}`;
  const stored = { regions: ["eu", "us"], size: 5, team: "a" };
  expect((await rest.send("PATCH", path, { metadata: stored })).status).toBe(200);
  const metadata = async () =>
    (await rest.send<{ data: { metadata: object } }>("GET", path)).body.data.metadata;

  await openAs(admin, "/keys");
  await choose(page, "sized", "Edit…");
  const form = dialog(page, "Edit “sized”");
  await expect(metadataRow(form, 1).value).toHaveValue('["eu","us"]');
  await metadataRow(form, 3).value.fill("b");
  await form.getByRole("button", { name: "Save changes" }).click();
  await expect(form).toBeHidden();
  expect(await metadata()).toEqual({ ...stored, team: "b" });

  await choose(page, "sized", "Edit…");
  await metadataRow(form, 2).value.fill("6");
  await form.getByRole("button", { name: "Save changes" }).click();
  await expect(form).toBeHidden();
  expect(await metadata()).toEqual({ ...stored, size: "6", team: "b" });
});
