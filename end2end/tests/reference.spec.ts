import { AxeBuilder } from "@axe-core/playwright";

import { expect, test } from "../support/test.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const colorScheme of ["light", "dark"] as const) {
  // The page has all operations, so a scan takes long. Each theme and each layout is scanned only once.
  for (const width of colorScheme === "light" ? [360] : [1440]) {
    test(`the API reference has no accessibility violations: ${colorScheme}, ${width} wide`, async ({
      page,
      javaScriptEnabled,
    }) => {
      test.skip(javaScriptEnabled === false, "The accessibility check is a script.");
      test.setTimeout(240_000);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto("/docs");
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      const found = violations.map(({ id, help, nodes }) => ({
        id,
        help,
        where: nodes.map((node) => node.target.join(" ")),
      }));
      expect(found).toEqual([]);
    });
  }

  for (const width of [360, 768, 1440]) {
    test(`the API reference fits the screen: ${colorScheme}, ${width} wide`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto("/docs");
      const root = page.locator("html");
      expect(await root.evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(width);
      const background = await root.evaluate((html) => getComputedStyle(html).backgroundColor);
      const parts = (background.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
      expect(parts.every((part) => part < 100)).toBe(colorScheme === "dark");
    });
  }
}

test("the contents of the API reference lead to an operation, by keyboard", async ({ page, server }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.address)) {
      elsewhere.push(request.url());
    }
  });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/docs");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();

  const contents = page.getByRole("navigation", { name: "Contents", exact: true });
  await contents.getByRole("link", { name: /^Rotate a key POST/ }).focus();
  await page.keyboard.press("Enter");
  const operation = page.locator("#rotate_key_organizations_users_email_name");
  await expect(operation).toBeInViewport();
  await expect(operation.getByRole("heading", { name: "Rotate a key", exact: true })).toBeVisible();
  await expect(operation.getByRole("row", { name: /^If-Match/ })).toBeVisible();
  await expect(operation.getByRole("region", { name: "Request: Rotate a key" })).toContainText("curl -s -X POST");
  expect(elsewhere).toEqual([]);
});

test("the contents of the API reference are folded on a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/docs");
  const link = page
    .getByRole("navigation", { name: "Contents, folded" })
    .getByRole("link", { name: /^Create a key POST/ });
  await expect(link).toBeHidden();
  await page.getByText("Contents", { exact: true }).first().click();
  await link.click();
  await expect(page.locator("#create_key_organizations_users_email")).toBeInViewport();
});
