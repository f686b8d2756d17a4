import type { Page } from "@playwright/test";

import { ACTIVE, PAYMENTS, REVOKED, SERVICES, SOON, test } from "../support/crowd.ts";
import { heading, namesIn } from "../support/pages.ts";
import { expect } from "../support/test.ts";

test("the counts above the list are links to the counted keys", async ({ page, openAs, crowd }) => {
  await openAs(crowd.admin, "/keys");
  const views = page.getByRole("navigation", { name: "Views of the keys" });
  for (const [label, count, address] of [
    ["Active", ACTIVE, "/keys"],
    ["Expires within 14 days", SOON, "/keys?view=expiring"],
    ["Never expires", 1 + SERVICES - REVOKED, "/keys?view=never_expires"],
    ["Revoked", REVOKED, "/keys?view=revoked"],
    ["All", ACTIVE + REVOKED, "/keys?view=all"],
  ] as const) {
    const link = views.getByRole("link", { name: new RegExp(`^${label}\\s*${count}$`) });
    await link.click();
    await expect(page).toHaveURL(crowd.server.address + address);
    await expect(page.getByText(`${count} keys`, { exact: true })).toBeVisible();
  }
});

test("the pages contain every key once, and each page has its own address", async ({
  page,
  openAs,
  crowd,
}) => {
  await openAs(crowd.admin, "/keys?sort=name");
  const pages = page.getByRole("navigation", { name: "Pages" });
  const seen: string[] = [];
  for (const expected of [50, 50, ACTIVE - 100]) {
    await expect.poll(() => namesIn(page)).toHaveLength(expected);
    const names = await namesIn(page);
    expect(seen.filter((name) => names.includes(name))).toEqual([]);
    seen.push(...names);
    await sameAfterReload(page);
    if (expected === 50) {
      await pages.getByRole("link", { name: "Next page" }).click();
      await expect(page.getByRole("link", { name: names[0], exact: true })).toHaveCount(0);
    }
  }
  expect(seen).toEqual([...seen].sort());
  expect(seen).toHaveLength(ACTIVE);

  await pages.getByRole("link", { name: "First page" }).click();
  await expect(page.getByRole("link", { name: seen[0], exact: true })).toBeVisible();
  await pages.getByRole("link", { name: "Last page" }).click();
  await expect(page.getByRole("link", { name: seen.at(-1), exact: true })).toBeVisible();
  await pages.getByRole("link", { name: "Previous page" }).click();
  await expect(page.getByRole("link", { name: seen.at(-1), exact: true })).toHaveCount(0);
  expect(page.url()).toContain("before=");
});

test("a column header sorts the list, and a second press reverses the order", async ({ page, openAs, crowd }) => {
  await openAs(crowd.admin, "/keys");
  const head = page.getByRole("columnheader", { name: "Name" });
  await head.getByRole("link").click();
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await expect.poll(async () => (await namesIn(page))[0]).toBe("admin-key");
  await head.getByRole("link").click();
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect.poll(async () => (await namesIn(page))[0]).toBe(`service-0${SERVICES - REVOKED}`);
  await expect(page).toHaveURL(/sort=name&dir=desc$/);
  await sameAfterReload(page);
});

test("a search and a permission filter the list and can be removed", async ({
  page,
  openAs,
  crowd,
}) => {
  await openAs(crowd.admin, "/keys");
  await page.getByRole("searchbox").fill("payment");
  await page.getByRole("searchbox").press("Enter");
  await expect(page.getByText(`${PAYMENTS} keys`, { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/[?&]q=payment/);
  await sameAfterReload(page);

  await page.getByRole("button", { name: "Permission" }).click();
  await page.getByRole("link", { name: "Admin", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByRole("link", { name: "Remove the filter Search: payment" }).click();
  await expect(page.getByText("1 key", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "admin-key" })).toBeVisible();
  await page.getByRole("link", { name: "Remove the filter Permission: Admin" }).click();
  await expect(page.getByText(`${ACTIVE} keys`, { exact: true })).toBeVisible();
});

test("a key is found by its id, the first characters of its secret, and its owner", async ({
  page,
  open,
  openAs,
  crowd,
}) => {
  const key = await crowd.rest.key("payment-007");
  await openAs(crowd.admin, `/keys?q=${key.key_id}`);
  expect(await namesIn(page)).toEqual(["payment-007"]);
  await open(`/keys?q=${key.key_prefix.replace("...", "")}`);
  expect(await namesIn(page)).toContain("payment-007");
  await open(`/keys?q=${encodeURIComponent(crowd.admin.email)}`);
  await expect(page.getByText(`${ACTIVE} keys`, { exact: true })).toBeVisible();
});

test("the address of a key's page contains the id of the key", async ({ page, openAs, crowd }) => {
  const key = await crowd.rest.key("payment-003");
  await openAs(crowd.admin, "/keys?q=payment-003");
  await page.getByRole("link", { name: "payment-003", exact: true }).click();
  await expect(heading(page, "payment-003")).toBeVisible();
  await expect(page).toHaveURL(`${crowd.server.address}/keys/${key.key_id}`);
  await expect(page.getByRole("region", { name: "Overview" })).toContainText(key.key_id);
  await expect(page.getByRole("list", { name: "History of the key" })).toContainText("Key created");
});

test("invalid parameters in the address are ignored", async ({ page, openAs, crowd }) => {
  await openAs(crowd.admin, "/keys?view=x&sort=x&size=7&after=x&owner=%2e%2e&permission=root");
  await expect(page.getByText(`${ACTIVE} keys`, { exact: true })).toBeVisible();
});

async function sameAfterReload(page: Page): Promise<void> {
  const before = await namesIn(page);
  await page.reload();
  expect(await namesIn(page)).toEqual(before);
}
