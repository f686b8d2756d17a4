/** Answers that arrive after their dialog was closed. They neither close the dialog that is open by then nor appear in it. */

import type { Page, Route } from "@playwright/test";

import { choose, chooseFor, closeReveal, dialog, memberRow, readSecret, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

const LATE_REFUSAL = "A request from a dialog that is closed by now failed.";

/** Holds back the next request to a server function until the returned function is called. */
async function holdBack(page: Page, endpoint: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const answer = async (route: Route) => {
    await released;
    await route.continue();
  };
  await page.route(`**/console/api/${endpoint}`, answer, { times: 1 });
  return () => release();
}

test("the late success of an edit leaves the dialog of another key open", async ({
  page,
  openAs,
  organization,
}) => {
  await organization.rest.createKey({ name: "first" });
  await organization.rest.createKey({ name: "second" });
  await openAs(organization.admin, "/keys");
  const release = await holdBack(page, "keys/update");
  await choose(page, "first", "Edit…");
  const first = dialog(page, "Edit “first”");
  await first.getByLabel("Description").fill("Changed late.");
  await first.getByRole("button", { name: "Save changes" }).click();
  await first.getByRole("button", { name: "Cancel" }).click();
  await expect(first).toBeHidden();

  await choose(page, "second", "Edit…");
  const second = dialog(page, "Edit “second”");
  await second.getByLabel("Description").fill("Typed meanwhile.");
  release();
  await expect(page.getByText("“first” was changed.")).toBeVisible();
  await expect(second.getByLabel("Description")).toHaveValue("Typed meanwhile.");
  await second.getByRole("button", { name: "Save changes" }).click();
  await expect(second).toBeHidden();
  expect(await organization.rest.key("first")).toMatchObject({ description: "Changed late." });
  expect(await organization.rest.key("second")).toMatchObject({ description: "Typed meanwhile." });
});

test("the late refusal of an edit does not appear in the dialog of another key", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  await organization.rest.createKey({ name: "first" });
  await organization.rest.createKey({ name: "second" });
  await openAs(organization.admin, "/keys");
  const release = await holdBack(page, "keys/update");
  await choose(page, "first", "Edit…");
  const first = dialog(page, "Edit “first”");
  await first.getByLabel("Description").fill("Mine.");
  await organization.rest.updateKey("first", { description: "Theirs." });
  await first.getByRole("button", { name: "Save changes" }).click();
  await first.getByRole("button", { name: "Cancel" }).click();
  await expect(first).toBeHidden();

  await choose(page, "second", "Edit…");
  const second = dialog(page, "Edit “second”");
  await expect(second).toBeVisible();
  watch.allowStatus(409);
  release();
  await expect(page.getByText(LATE_REFUSAL)).toBeVisible();
  await expect(second.getByRole("button", { name: "Save changes" })).toBeEnabled();
  await expect(second.getByRole("alert")).toHaveCount(0);
});

test("a secret that arrives late is shown above the dialog of another key, which stays open", async ({
  page,
  openAs,
  organization,
}) => {
  await organization.rest.createKey({ name: "first" });
  await organization.rest.createKey({ name: "second" });
  await openAs(organization.admin, "/keys");
  const release = await holdBack(page, "keys/rotate");
  await choose(page, "first", "Rotate secret…");
  const first = dialog(page, "Rotate “first”");
  await first.getByRole("button", { name: "Rotate secret" }).click();
  await first.getByRole("button", { name: "Cancel" }).click();
  await expect(first).toBeHidden();

  await choose(page, "second", "Revoke…");
  const second = dialog(page, "Revoke “second”?");
  await second.getByLabel("Reason").fill("Typed meanwhile.");
  release();
  const secret = await readSecret(page);
  expect(await organization.rest.accepts(secret)).toBe(true);
  await closeReveal(page);
  await expect(second.getByLabel("Reason")).toHaveValue("Typed meanwhile.");
  await expect(rowOf(page, "second")).toHaveCount(1);
});

test("the late answer about a member leaves the dialog of another member open", async ({
  page,
  openAs,
  organization,
}) => {
  const first = await organization.person("member", "Fay First");
  const second = await organization.person("member", "Sol Second");
  await openAs(organization.admin, "/members");
  const release = await holdBack(page, "members/update");
  await chooseFor(page, "Fay First", "Name and role…");
  const form = dialog(page, "Name and role");
  await form.getByLabel("Viewer").check();
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("button", { name: "Cancel" }).click();
  await expect(form).toBeHidden();

  await chooseFor(page, "Sol Second", "Name and role…");
  await form.getByLabel("Name").fill("Typed Meanwhile");
  release();
  await expect(page.getByText("Fay First was changed.")).toBeVisible();
  await expect(form.getByLabel("Name")).toHaveValue("Typed Meanwhile");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  await expect(memberRow(page, first.email)).toContainText("Viewer");
  await expect(memberRow(page, second.email)).toContainText("Typed Meanwhile");
});
