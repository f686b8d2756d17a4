import type { Page } from "@playwright/test";

import { dialog, heading, readSecret, rowOf, startCreating } from "../support/pages.ts";
import { PLACES, goTo, test } from "../support/places.ts";
import { expect } from "../support/test.ts";

test("the navigation opens from a button and closes after a choice", async ({
  page,
  openAs,
  organization,
}) => {
  await openAs(organization.admin, "/keys");
  const members = page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Members" });
  await expect(members).toBeHidden();
  await page.getByRole("button", { name: "Navigation" }).tap();
  await expect(members).toBeVisible();
  await members.tap();
  await expect(heading(page, "Members")).toBeVisible();
  await expect(members).toBeHidden();
});

test("the list shows each key as a card, with its values below each other", async ({ page, openAs, organization }) => {
  await organization.rest.createKey({ name: "on a card" });
  await openAs(organization.admin, "/keys");
  const cells = rowOf(page, "on a card").getByRole("cell");
  const boxes = [];
  for (const cell of await cells.filter({ visible: true }).all()) {
    boxes.push(await cell.boundingBox());
  }
  const [name, ...facts] = boxes.filter((box) => box !== null);
  expect(facts.length).toBeGreaterThan(3);
  expect(facts.some((fact) => fact.y > name.y + name.height - 1)).toBe(true);
});

test("a key is created, and its secret read, on a phone", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  await form.getByLabel("Name").fill("from a phone");
  await form.getByRole("button", { name: "Create key" }).tap();
  await expect(dialog(page, "Your new key")).toBeVisible();
  expect(await organization.rest.accepts(await readSecret(page))).toBe(true);
});

for (const place of PLACES) {
  test(`nothing scrolls sideways: ${place.name}`, async ({ page, context, untilHydrated, sample, watch }) => {
    if (!place.open) {
      await sample.organization.admin.enter(context);
    }
    if (place.status !== undefined) {
      watch.allowStatus(place.status);
    }
    await goTo(page, place, sample, untilHydrated);
    expect(await tooWide(page)).toEqual([]);
  });
}

/** Which of the page and its open dialogs have content that is wider than they are. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const hosts = [
      document.documentElement,
      ...document.querySelectorAll("dialog[open], dialog[open] .dialog-body"),
    ];
    return hosts
      .filter((host) => host.scrollWidth > host.clientWidth + 1)
      .map((host) => `${host.tagName} ${host.className} ${host.scrollWidth} > ${host.clientWidth}`);
  });
}
