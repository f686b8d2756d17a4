import { closeReveal, copied, dialog, readSecret, startCreating } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("the secret is in one response and in one place of the page, and nowhere after closing", async ({
  page,
  context,
  openAs,
  organization,
}) => {
  const answers: Promise<string>[] = [];
  page.on("response", (response) => {
    if (!/\.(wasm|js|css|svg|woff2)$/.test(new URL(response.url()).pathname)) {
      answers.push(response.text().catch(() => ""));
    }
  });
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  await form.getByLabel("Name").fill("once");
  await form.getByRole("button", { name: "Create key" }).click();
  const masked = await page.content();
  await expect(dialog(page, "Your new key")).toBeVisible();
  const hidden = await page.content();
  const secret = await readSecret(page);
  const shown = await page.content();
  const stored = () =>
    page.evaluate(async () => {
      const databases = await indexedDB.databases();
      const storages = [localStorage, sessionStorage].map((storage) => JSON.stringify({ ...storage }));
      return [...storages, document.cookie, document.title, history.state, databases, location.href]
        .map((one) => JSON.stringify(one))
        .join();
    });

  expect(masked).not.toContain(secret);
  expect(hidden, "masked until asked").not.toContain(secret);
  expect(shown.split(secret).length - 1, "in one place").toBe(1);
  expect(await stored()).not.toContain(secret.slice(10));
  expect(JSON.stringify(await context.cookies())).not.toContain(secret);

  await closeReveal(page);
  expect(await page.content()).not.toContain(secret);
  expect(await stored()).not.toContain(secret.slice(10));
  await page.reload();
  await page.getByRole("link", { name: "once", exact: true }).click();
  await expect(page.getByRole("heading", { name: "once", level: 1 })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  const holding = (await Promise.all(answers)).filter((text) => text.includes(secret));
  expect(holding).toHaveLength(1);
});

test("closing the dialog before the secret is copied asks once, also by Escape", async ({
  page,
  openAs,
  organization,
}) => {
  await openAs(organization.admin, "/keys?create=1");
  await page.getByLabel("Name", { exact: true }).fill("asked");
  await dialog(page, "Create key").getByRole("button", { name: "Create key" }).click();
  const reveal = dialog(page, "Your new key");
  await expect(reveal).toBeVisible();

  await page.keyboard.press("Escape");
  await expect(reveal.getByRole("alert")).toContainText("You have not copied the secret.");
  await page.keyboard.press("Escape");
  await expect(reveal).toBeHidden();
});

test("leaving the page before the secret is copied asks first", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/keys?create=1");
  await page.getByLabel("Name", { exact: true }).fill("left");
  await dialog(page, "Create key").getByRole("button", { name: "Create key" }).click();
  await expect(dialog(page, "Your new key")).toBeVisible();

  // The browser asks only if the user has interacted with the page, which the presses above did.
  const asked = page.waitForEvent("dialog");
  const left = page.reload().catch(() => undefined);
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.accept();
  await left;
});

test("the tabs of the new secret contain an .env line and a request that works", async ({
  page,
  context,
  openAs,
  organization,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openAs(organization.admin, "/keys?create=1");
  await page.getByLabel("Name", { exact: true }).fill("snippets");
  await dialog(page, "Create key").getByRole("button", { name: "Create key" }).click();
  const secret = await readSecret(page);
  const reveal = dialog(page, "Your new key");
  const copy = async (tab: string, beginning: RegExp) => {
    await reveal.getByRole("tab", { name: tab }).click();
    await reveal.getByRole("tabpanel", { name: tab }).getByRole("button", { name: "Copy" }).click();
    return copied(page, beginning);
  };

  expect(await copy(".env line", /^SNIPPETS/)).toBe(`SNIPPETS_API_KEY=${secret}`);
  const curl = await copy("curl", /^curl /);
  const [, address] = /^curl '([^']+)'/.exec(curl) ?? [];
  const [, authorization] = /Authorization: (Bearer [^']+)'/.exec(curl) ?? [];
  expect((await fetch(address, { headers: { authorization } })).status).toBe(200);
});
