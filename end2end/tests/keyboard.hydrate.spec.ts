import { choose, dialog, heading, startCreating } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a dialog takes the focus, keeps it, and returns it on Escape", async ({
  page,
  openAs,
  organization,
}) => {
  await openAs(organization.admin, "/keys");
  const opener = page.getByRole("link", { name: "Create key" });
  await opener.focus();
  await page.keyboard.press("Enter");
  const form = dialog(page, "Create key");
  await expect(form.getByLabel("Name")).toBeFocused();

  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    const outside = await page.evaluate(() => {
      const { activeElement } = document;
      // Between the last and the first field, the focus visits the browser's own toolbar, and then `body` is active.
      return activeElement !== document.body && activeElement?.closest("dialog") === null;
    });
    expect(outside, `after ${step + 1} steps`).toBe(false);
  }
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();
  await expect(opener).toBeFocused();
});

test("Escape closes a menu inside a dialog before the dialog", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  await form.getByRole("button", { name: "Add a scope" }).click();
  await expect(form.getByLabel("Resource")).toBeFocused();
  await form.getByRole("button", { name: "All", exact: true }).press("Enter");
  await expect(form.getByLabel("Read data")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(form.getByLabel("Read data")).toBeHidden();
  await expect(form).toBeVisible();
});

test("the menu of a key works by keyboard, and the focus returns to it", async ({
  page,
  openAs,
  organization,
}) => {
  await organization.rest.createKey({ name: "by hand" });
  await openAs(organization.admin, "/keys");
  const opener = page.getByRole("button", { name: "Actions for by hand" });
  await opener.press("Enter");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("button", { name: "Edit…" }).and(page.locator(":focus"))).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const form = dialog(page, "Rotate “by hand”");
  await expect(form).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();
  await expect(opener).toBeFocused();
});

test("the close button of every key dialog closes it and returns the focus", async ({
  page,
  openAs,
  organization,
}) => {
  await organization.rest.createKey({ name: "closing" });
  await openAs(organization.admin, "/keys");
  for (const item of ["Edit…", "Rotate secret…", "Disable…", "Revoke…"]) {
    await choose(page, "closing", item);
    const open = page.getByRole("dialog");
    await expect(open.locator(":focus")).toHaveCount(1);
    await open.getByRole("button", { name: "Close", exact: true }).click();
    await expect(open).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Actions for closing" })).toBeFocused();
  }
});

test("the first link skips the navigation", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/keys");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: /^Skip/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("a person can sign in and create a key by keyboard alone", async ({
  page,
  open,
  untilHydrated,
  organization,
}) => {
  await open("/login");
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await page.keyboard.type(organization.admin.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(organization.admin.password);
  await page.keyboard.press("Enter");
  await expect(heading(page, "Keys")).toBeVisible();
  await untilHydrated();
  await page.getByRole("link", { name: "Create key" }).press("Enter");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("typed");
  await page.keyboard.press("Enter");
  await expect(dialog(page, "Your new key")).toBeVisible();
});
