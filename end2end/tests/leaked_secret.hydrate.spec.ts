import { rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a secret pasted into the search finds its key and is stored nowhere", async ({ page, openAs, organization }) => {
  const made = await organization.rest.createKey({ name: "pasted" });
  await organization.rest.createKey({ name: "another" });
  const shown = made.key.slice(0, 10);
  for (const [path, name] of [
    ["/keys", "q"],
    ["/members", "search"],
    ["/service-accounts", "search"],
  ]) {
    await openAs(organization.admin, path);
    await page.getByRole("searchbox").fill(made.key);
    await expect(page.getByText("You entered a whole secret.")).toBeVisible();
    await expect(page.getByRole("searchbox")).toHaveValue(shown);
    await expect(page).toHaveURL(new RegExp(`${path}\\?${name}=${shown}$`));
    expect(await page.content()).not.toContain(made.key);

    await page.goto(`${path}?${name}=${made.key}`);
    await expect(page).toHaveURL(new RegExp(`${path}\\?${name}=${shown}$`));
    expect(await page.content()).not.toContain(made.key);
    await expect(page.getByRole("searchbox")).toHaveValue(shown);
  }
  await openAs(organization.admin, `/keys?q=${made.key}`);
  await expect(rowOf(page, "pasted")).toBeVisible();
  await expect(rowOf(page, "another")).toHaveCount(0);
});
