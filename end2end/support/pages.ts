/** Actions that several tests perform on pages of the console. They find elements by role and label. */

import { type Locator, type Page, expect } from "@playwright/test";

/** The message for a wrong e-mail or password. It does not reveal whether the account exists. */
export const WRONG = "The e-mail address or the password is wrong. Check both and try again.";

/** For data that the server writes after its response and the page requests at intervals. Both take seconds. */
export const BEHIND = { timeout: 20_000 };

export function heading(page: Page, name: string): Locator {
  return page.getByRole("heading", { name, level: 1, exact: true });
}

/** Fills in the sign-in form and submits it. */
export async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The row of a key in the list. */
export function rowOf(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** The row of a member in the list. */
export function memberRow(page: Page, email: string): Locator {
  return page.getByRole("row").filter({ hasText: email });
}

/** The row of a service account in the list. */
export function serviceAccountRow(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** The row of a gateway in the list. */
export function gatewayRow(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** The names of the keys that the list shows, in order. */
export async function namesIn(page: Page): Promise<string[]> {
  const rows = page.getByRole("table", { name: "Keys" }).locator("tbody").getByRole("row");
  return rows.getByRole("link").and(page.locator("[href^='/keys/']")).allInnerTexts();
}

/** Presses a button in the menu at the end of a key's row. */
export async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  await rowOf(page, name).getByRole("button", { name: item, exact: true }).click();
}

/** Follows a link in the menu at the end of a member's row. */
export async function chooseFor(page: Page, person: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${person}`, exact: true }).click();
  await page.getByRole("link", { name: item, exact: true }).and(page.locator(":visible")).click();
}

export function dialog(page: Page, name: string | RegExp): Locator {
  return page.getByRole("dialog", { name });
}

/** Opens the form for a new key, from the list. */
export async function startCreating(page: Page): Promise<Locator> {
  await page.getByRole("link", { name: "Create key" }).first().click();
  const form = dialog(page, "Create key");
  await expect(form.getByLabel("Name")).toBeFocused();
  return form;
}

/** Reads the secret from the dialog that reveals it. */
export async function readSecret(page: Page): Promise<string> {
  const reveal = dialog(page, /Your new key|The new secret/);
  const show = reveal.getByRole("button", { name: "Show" });
  if ((await show.getAttribute("aria-pressed")) === "false") {
    await show.click();
  }
  const code = reveal.getByRole("group", { name: /^Secret of / }).locator("code");
  await expect(code).not.toContainText("•");
  return code.innerText();
}

/** Waits until the clipboard contains a text that matches `beginning`, and returns the text. */
export async function copied(page: Page, beginning: RegExp): Promise<string> {
  const read = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(read).toMatch(beginning);
  return read();
}

/** Closes the dialog that reveals a secret, without copying the secret. */
export async function closeReveal(page: Page): Promise<void> {
  const reveal = dialog(page, /Your new key|The new secret/);
  await reveal.locator("form, .form-actions").getByRole("button", { name: "Close" }).last().click();
  await reveal.getByRole("button", { name: "Close without copying" }).click();
  await expect(reveal).toBeHidden();
}

/** The error message below a field. */
export async function errorOf(field: Locator): Promise<string> {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  const ids = ((await field.getAttribute("aria-describedby")) ?? "").split(" ");
  const error = field.page().locator(`#${CSS_ESCAPE(ids.find((id) => id.endsWith("-error")) ?? "")}`);
  await expect(error).toBeVisible();
  return (await error.innerText()).trim();
}

function CSS_ESCAPE(id: string): string {
  return id.replace(/([^\w-])/g, "\\$1");
}
