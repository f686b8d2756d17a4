import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { PASSWORD } from "../support/organization.ts";
import { heading } from "../support/pages.ts";
import { PLACES, goTo, test } from "../support/places.ts";
import { expect } from "../support/test.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const place of PLACES) {
  test(`nothing keeps people out: ${place.name}`, async ({ page, context, alive, furnished, watch }) => {
    if (!place.open) {
      await furnished.organization.admin.enter(context);
    }
    if (place.status !== undefined) {
      watch.allowStatus(place.status);
    }
    await goTo(page, place, furnished, alive);
    await expectAccessible(page);
  });
}

test("nothing keeps people out: the first run", async ({ freshServer, page, alive }) => {
  await page.goto(`${freshServer.address}/setup`);
  await alive();
  await expectAccessible(page);

  await page.goto(freshServer.link);
  await alive();
  await page.getByRole("button", { name: "Create organization" }).click();
  await expectAccessible(page);

  await page.getByLabel("Organization").fill("Cobol & Sons");
  await page.getByLabel("Your name").fill("Grace Hopper");
  await page.getByLabel("E-mail").fill("grace@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create organization" }).click();
  await expect(heading(page, "Store the admin key")).toBeVisible();
  await expectAccessible(page);
});

async function expectAccessible(page: Page): Promise<void> {
  await expect(page.locator(".skeleton, .is-busy")).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => node.target.join(" ")),
  }));
  expect(told).toEqual([]);
}
