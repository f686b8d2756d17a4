import { started } from "../support/hydration.ts";
import { heading } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a link that is pressed while the code of the page is loading leads to its page", async ({
  page,
  context,
  organization,
  untilHydrated,
}) => {
  const made = await organization.rest.createKey({ name: "early" });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/pkg\/(chunk|split).*\.wasm/, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await organization.admin.enter(context);
  await page.goto("/keys");
  await started(page);
  await page.getByRole("link", { name: "early", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/keys/${made.key_id}$`));
  await expect(page.locator("html[data-hydrated]"), "not hydrated yet").toHaveCount(0);
  release();
  await untilHydrated();
  await expect(heading(page, "early")).toBeVisible();
  await page.getByRole("button", { name: "Rotate" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
});
