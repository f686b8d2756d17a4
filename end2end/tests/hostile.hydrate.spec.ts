import type { Page } from "@playwright/test";

import { Organization } from "../support/organization.ts";
import { choose, dialog, heading, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

/** A page that did not treat these names as text would run a script, close an element, or show something else. */
const NAMES = [
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  "\"' onmouseover='alert(1)",
  "<!-- --><template><dialog open>",
  "{{7*7}}${7*7}%3Cb%3E&lt;b&gt;",
  "</title></textarea><img src=x onerror=alert(3)>",
  '=HYPERLINK("https://evil.example")',
  "javascript:alert(1)",
  "مفتاح 🔑 ключ",
];

for (const name of NAMES) {
  test(`the list, the page and every dialog show a name as text: ${name}`, async ({
    page,
    openAs,
    untilHydrated,
    organization,
  }) => {
    const ran = alerts(page);
    const made = await organization.rest.createKey({ name, description: name });
    await openAs(organization.admin, "/keys");
    await expect(rowOf(page, name)).toBeVisible();
    for (const [item, title] of [
      ["Edit…", `Edit “${name}”`],
      ["Rotate secret…", `Rotate “${name}”`],
      ["Disable…", `Disable “${name}”?`],
      ["Revoke…", `Revoke “${name}”?`],
    ]) {
      await choose(page, name, item);
      const open = page.getByRole("dialog");
      await expect(open.getByRole("heading", { level: 2, name: title, exact: true })).toBeVisible();
      if (item === "Edit…") {
        await expect(open.getByLabel("Name")).toHaveValue(name);
      }
      await page.keyboard.press("Escape");
      await expect(open).toHaveCount(0);
    }
    await page.goto(`/keys/${made.key_id}`);
    await untilHydrated();
    await expect(heading(page, name)).toBeVisible();
    await expect(page.getByRole("list", { name: "History of the key" })).toContainText(name);
    expect(await page.title()).toContain(name);
    await page.goto(`/keys?q=${encodeURIComponent(name)}`);
    await untilHydrated();
    await expect(page.getByRole("searchbox")).toHaveValue(name);
    expect(ran).toEqual([]);
  });
}

test("hostile names of people and organizations, and hostile reasons, are shown as text", async ({
  page,
  openAs,
  browse,
  open,
  server,
}) => {
  const ran = alerts(page);
  const [name] = NAMES;
  const script = "</script><script>alert(2)</script>";
  const organization = await Organization.of(server, name, script);
  const invited = await organization.invited("member", name);
  await organization.rest.createKey({ name: "plain" });
  await openAs(organization.admin, "/members");
  await expect(page.getByRole("row").filter({ hasText: invited.email })).toContainText(name);
  await expect(page.getByRole("navigation", { name: "Console" })).toContainText(script);
  await open(`/members?do=remove&user=${invited.id}`);
  await expect(page.getByRole("button", { name: `Remove ${name}` })).toBeVisible();
  await open("/settings");
  await expect(page.getByLabel("Name")).toHaveValue(name);
  await open("/account");
  await expect(page.getByRole("region", { name: "About you" })).toContainText(script);

  await open("/keys");
  await choose(page, "plain", "Revoke…");
  await dialog(page, "Revoke “plain”?").getByLabel("Reason").fill(script);
  await page.getByRole("button", { name: "Revoke key" }).click();
  // Waits for the message, because leaving the page earlier could cancel the request.
  await expect(page.getByText("“plain” was revoked.")).toBeVisible();
  await open("/keys?view=revoked");
  await page.getByRole("link", { name: "plain", exact: true }).click();
  await expect(page.getByRole("list", { name: "History of the key" })).toContainText(script);
  await page.reload();
  await expect(page.getByRole("list", { name: "History of the key" })).toContainText(script);

  const theirs = await open(await organization.invitation(invited.id), await browse());
  await expect(heading(theirs, `Join ${name}`)).toBeVisible();
  expect(ran).toEqual([]);
});

/** Collects the messages of alerts that scripts in names open. It stays empty if no script runs. */
function alerts(page: Page): string[] {
  const said: string[] = [];
  page.on("dialog", (question) => {
    said.push(question.message());
    void question.dismiss();
  });
  return said;
}
