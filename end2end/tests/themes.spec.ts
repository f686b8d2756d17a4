import { heading } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

const backgroundIsDark = (rgb: string) =>
  (rgb.match(/[\d.]+/g) ?? []).slice(0, 3).every((part) => Number(part) < 100);

for (const [theme, isDark] of [
  ["light", false],
  ["dark", true],
] as const) {
  test(`the server renders the page in the ${theme} theme, so that the other never flashes`, async ({
    page,
    context,
    openAs,
    organization,
  }) => {
    await page.emulateMedia({ colorScheme: isDark ? "light" : "dark" });
    await context.addCookies([{ name: "theme", value: theme, domain: "127.0.0.1", path: "/" }]);
    await openAs(organization.admin, "/keys");
    const answer = await page.goto("/keys");
    expect(await answer?.text()).toContain(`data-theme="${theme}"`);
    await expect(heading(page, "Keys")).toBeVisible();
    const background = await page.locator("html").evaluate((root) => getComputedStyle(root).backgroundColor);
    expect(backgroundIsDark(background)).toBe(isDark);
  });
}

test("without a choice, the page follows the system's theme", async ({ page, open }) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await open("/login");
    const answer = await page.reload();
    expect(await answer?.text()).not.toContain("data-theme");
    const background = await page.locator("html").evaluate((root) => getComputedStyle(root).backgroundColor);
    expect(backgroundIsDark(background)).toBe(colorScheme === "dark");
  }
});
