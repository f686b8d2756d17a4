import { heading } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

for (const path of [
  "/nothing-here",
  "/keys/a/b",
  "/keys-old",
  "/console/api",
  "/%F0%9F%94%91",
  "/favicon.png",
]) {
  test(`an unknown address gives a page with the status 404 and a link to the keys: ${path}`, async ({
    page,
    openAs,
    organization,
    watch,
  }) => {
    watch.allowStatus(404);
    await openAs(organization.admin, "/keys");
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(404);
    await expect(heading(page, "Page not found")).toBeVisible();
    await page.getByRole("link", { name: "Go to your keys" }).click();
    await expect(heading(page, "Keys")).toBeVisible();
  });
}
