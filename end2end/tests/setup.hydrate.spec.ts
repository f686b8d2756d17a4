import type { Page } from "@playwright/test";

import { PASSWORD } from "../support/organization.ts";
import { copied, errorOf, heading } from "../support/pages.ts";
import { Rest } from "../support/rest.ts";
import { expect, test } from "../support/test.ts";

test("the setup link works once and shows the admin key once", async ({
  freshServer,
  page,
  context,
  browse,
  untilHydrated,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(freshServer.link);
  await untilHydrated();
  await fillIn(page);
  await page.getByRole("button", { name: "Create organization" }).click();

  await expect(heading(page, "Store the admin key")).toBeVisible();
  const goOn = page.getByRole("button", { name: "Go to the keys" });
  await expect(goOn).toBeDisabled();
  await page.getByRole("button", { name: "Copy" }).click();
  const secret = await copied(page, /^sk_live_/);
  expect(secret).toMatch(/^sk_live_[0-9A-Za-z]{38}$/);
  expect(await new Rest(freshServer.address, secret, "grace@example.com").accepts(secret)).toBe(true);

  await page.getByLabel("I have stored the secret").check();
  await goOn.click();
  await expect(heading(page, "Keys")).toBeVisible();
  await expect(page.getByRole("link", { name: "admin-key" })).toBeVisible();
  await page.goBack();
  expect(await page.content()).not.toContain(secret);

  const another = await browse();
  await another.goto(freshServer.link);
  await expect(heading(another, "This server is set up already")).toBeVisible();
  await expect(another.getByLabel("Password", { exact: true })).toHaveCount(0);
});

test("an incomplete setup link does not work", async ({ freshServer, page }) => {
  await page.goto(freshServer.link.slice(0, -3));
  await expect(heading(page, "This setup link does not work")).toBeVisible();
  await page.goto(`${freshServer.address}/setup`);
  await expect(heading(page, "This server is not set up yet")).toBeVisible();
  await page.goto(`${freshServer.address}/keys`);
  await expect(heading(page, "This server is not set up yet")).toBeVisible();
});

test("errors in the setup form are shown beside their fields, and nothing is created", async ({
  freshServer,
  page,
  untilHydrated,
}) => {
  await page.goto(freshServer.link);
  await untilHydrated();
  await fillIn(page);
  await page.getByLabel("E-mail").fill("grace");
  await page.getByLabel("Password", { exact: true }).fill("too short");
  await page.getByRole("button", { name: "Create organization" }).click();

  expect(await errorOf(page.getByLabel("Password", { exact: true }))).toBe("Use at least 10 characters.");
  expect(await errorOf(page.getByLabel("E-mail"))).not.toBe("");
  await page.goto(`${freshServer.address}/login`);
  await expect(heading(page, "This server is not set up yet")).toBeVisible();
});

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel("Organization").fill("Cobol & Sons");
  await page.getByLabel("Your name").fill("Grace Hopper");
  await page.getByLabel("E-mail").fill("grace@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
}
