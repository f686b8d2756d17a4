import { ACTIVE, PAYMENTS, test } from "../support/crowd.ts";
import { namesIn } from "../support/pages.ts";
import { expect } from "../support/test.ts";

test("the list follows the typing, and the browser's Back button leads to the previous list", async ({
  page,
  openAs,
  crowd,
}) => {
  await openAs(crowd.admin, "/keys");
  await page.getByRole("searchbox").pressSequentially("payment");
  await expect(page.getByText(`${PAYMENTS} keys`, { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\?q=payment$/);
  await page.getByRole("link", { name: "payment-001", exact: true }).click();
  await expect(page.getByRole("heading", { name: "payment-001", level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue("payment");
  await page.getByRole("button", { name: "Clear the search" }).click();
  await expect(page.getByText(`${ACTIVE} keys`, { exact: true })).toBeVisible();
});

test("Enter in the search searches at once without loading the page again", async ({ page, openAs, crowd }) => {
  await openAs(crowd.admin, "/keys");
  await page.evaluate(() => Object.assign(window, { isTheSame: true }));
  await page.getByRole("searchbox").fill("payment");
  await page.getByRole("searchbox").press("Enter");
  await expect(page.getByText(`${PAYMENTS} keys`, { exact: true })).toBeVisible();
  expect(await page.evaluate(() => "isTheSame" in window)).toBe(true);
});

test("the page size can be chosen and is part of the address", async ({ page, openAs, crowd }) => {
  await openAs(crowd.admin, "/keys");
  await page.getByRole("button", { name: "50 per page" }).click();
  await page.getByRole("link", { name: "25 per page" }).click();
  await expect.poll(() => namesIn(page)).toHaveLength(25);
  await expect(page).toHaveURL(/\?size=25$/);
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page).toHaveURL(/\?size=25&after=/);
  await expect.poll(() => namesIn(page)).toHaveLength(25);
});
