import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { PASSWORD } from "../support/organization.ts";
import { heading } from "../support/pages.ts";
import { PLACES, goTo, test } from "../support/places.ts";
import { expect } from "../support/test.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const place of PLACES) {
  test(`${place.name} has no accessibility violations`, async ({ page, context, untilHydrated, sample, watch }) => {
    if (!place.open) {
      await sample.organization.admin.enter(context);
    }
    if (place.status !== undefined) {
      watch.allowStatus(place.status);
    }
    await goTo(page, place, sample, untilHydrated);
    await expectAccessible(page);
  });
}

test("the first run has no accessibility violations", async ({ freshServer, page, untilHydrated }) => {
  await page.goto(`${freshServer.address}/setup`);
  await untilHydrated();
  await expectAccessible(page);

  await page.goto(freshServer.link);
  await untilHydrated();
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
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => node.target.join(" ")),
  }));
  expect(found).toEqual([]);
}
