import { BEHIND, copied, dialog, errorOf, readSecret, rowOf, startCreating } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a new key can be copied, works at once, and its first use is shown", async ({
  page,
  context,
  openAs,
  organization,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  await form.getByLabel("Name").fill("billing-service");
  await form.getByRole("button", { name: "Create key" }).click();

  const reveal = dialog(page, "Your new key");
  await expect(reveal.getByText("Waiting for the first request…")).toBeVisible();
  await reveal.getByRole("button", { name: "Copy" }).click();
  await expect(reveal.getByText("Copied")).toBeVisible();
  const secret = await copied(page, /^sk_live_/);
  expect(await organization.rest.accepts(secret)).toBe(true);

  await expect(reveal.getByText("First request seen, from 127.0.0.1.")).toBeVisible(BEHIND);
  await reveal.getByRole("button", { name: "Done" }).click();
  await expect(reveal).toBeHidden();

  const row = rowOf(page, "billing-service");
  await expect(row.getByText(secret.slice(0, 10))).toBeVisible();
  await page.reload();
  await expect(row.getByRole("cell").filter({ hasText: "just now" })).toHaveCount(2);
  await expect(row).not.toContainText("Never used");
  await expect(row.getByTitle("127.0.0.1 · journeys/1.0")).toBeVisible();
});

test("the dialog of a new key stops asking after 10 minutes, until the person asks again", async ({
  page,
  openAs,
  organization,
}) => {
  await page.clock.install();
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  await form.getByLabel("Name").fill("patient");
  await form.getByRole("button", { name: "Create key" }).click();

  const reveal = dialog(page, "Your new key");
  await expect(reveal.getByText("Waiting for the first request…")).toBeVisible();
  await expect(reveal.getByRole("button", { name: "Check again" })).toBeHidden();
  await page.clock.runFor("10:00");
  await expect(reveal.getByText("No request in 10 minutes. Checking has stopped.")).toBeVisible();
  expect(await organization.rest.accepts(await readSecret(page))).toBe(true);
  await reveal.getByRole("button", { name: "Check again" }).click();
  await expect(reveal.getByText("First request seen, from 127.0.0.1.")).toBeVisible(BEHIND);
});

test("a new key has exactly what was chosen", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  await form.getByLabel("Name").fill("deploy");
  await form.getByLabel("Write", { exact: true }).check();
  await form.getByLabel("Expires").selectOption({ label: "Never" });
  await expect(form.getByText("The key works until someone revokes it.")).toBeVisible();
  await form.getByLabel("Rate limit").fill("120");
  await form.getByLabel("Description").fill("Rolls out the shop.\nAsk Ada.");
  await form.getByRole("button", { name: "Add a scope" }).click();
  await form.getByLabel("Resource").selectOption({ label: "Namespace" });
  await form.getByLabel("Id or pattern").fill("prod-*");
  await form.getByRole("button", { name: "All", exact: true }).click();
  await form.getByLabel("Read data").check();
  await page.keyboard.press("Escape");
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(dialog(page, "Your new key")).toBeVisible();

  expect(await organization.rest.key("deploy")).toMatchObject({
    description: "Rolls out the shop.\nAsk Ada.",
    permissions: ["write"],
    scopes: [{ resource_type: "namespace", resource_id: "prod-*", operations: ["read_data"] }],
    rate_limit_override: 120,
    expires_at: null,
    status: "active",
  });
});

test("a key with only a name expires after 90 days", async ({
  page,
  openAs,
  organization,
}) => {
  await openAs(organization.admin, "/keys?create=1");
  await page.getByLabel("Name", { exact: true }).fill("plain");
  await dialog(page, "Create key").getByRole("button", { name: "Create key" }).click();
  await expect(dialog(page, "Your new key")).toBeVisible();

  const key = await organization.rest.key("plain");
  expect(key).toMatchObject({ permissions: ["read"], scopes: [], rate_limit_override: null });
  const days = (Date.parse(key.expires_at ?? "") - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(90);
});

test("errors are shown beside their fields with the messages of the REST API", async ({
  page,
  openAs,
  organization,
}) => {
  await openAs(organization.admin, "/keys");
  const form = await startCreating(page);
  const field = (label: string) => form.getByLabel(label, { exact: true });
  await form.getByLabel("Expires").selectOption({ label: "On a date…" });
  const cases = [
    { label: "Name", typed: "", draft: { name: "" } },
    { label: "Name", typed: " ", draft: { name: " " } },
    { label: "Name", typed: "x".repeat(101), draft: { name: "x".repeat(101) } },
    { label: "Name", typed: "..", draft: { name: ".." } },
    { label: "Name", typed: "Admin-Key", draft: { name: "Admin-Key" } },
    { label: "Name", typed: "a\u202Eb", draft: { name: "a\u202Eb" } },
    { label: "Rate limit", typed: "0", draft: { name: "a", rate_limit_override: 0 } },
    { label: "Rate limit", typed: "2147483648", draft: { name: "a", rate_limit_override: 2147483648 } },
    {
      label: "Date and time (UTC)",
      typed: "2020-01-01T10:00",
      draft: { name: "a", expires_at: "2020-01-01T10:00:00Z" },
    },
    { label: "Description", typed: "x".repeat(501), draft: { name: "a", description: "x".repeat(501) } },
  ];
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(field("Name")).toBeFocused();
  for (const { label, typed, draft } of cases) {
    const input = label === "Rate limit" || label === "Description" ? form.getByLabel(label) : field(label);
    await input.fill(typed);
    const said = await organization.rest.refusalOf(draft);
    await expect.poll(() => errorOf(input), label + typed.slice(0, 5)).toBe(said[0]);
  }
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(form).toBeVisible();
});

test("a name that is taken is an error of the name, and the rest of the form stays", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  await organization.rest.createKey({ name: "taken" });
  await openAs(organization.admin, "/keys?create=1");
  const form = dialog(page, "Create key");
  await form.getByLabel("Name").fill("taken");
  await form.getByLabel("Description").fill("Stays as it is.");
  watch.allowStatus(409);
  await form.getByRole("button", { name: "Create key" }).click();

  expect(await errorOf(form.getByLabel("Name"))).not.toBe("");
  await expect(form.getByLabel("Name")).toBeFocused();
  await expect(form.getByLabel("Description")).toHaveValue("Stays as it is.");
  await form.getByLabel("Name").fill("free");
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(dialog(page, "Your new key")).toBeVisible();
});

test("a key created from another has the same values and another secret", async ({
  page,
  openAs,
  organization,
}) => {
  const made = await organization.rest.createKey({
    name: "ci",
    description: "Builds.",
    permissions: ["delete"],
    scopes: [{ resource_type: "bucket", resource_id: "cache" }],
    rate_limit_override: 7,
  });
  await openAs(organization.admin, "/keys");
  await page.getByRole("button", { name: "Actions for ci", exact: true }).click();
  await page.getByRole("link", { name: "Create a similar key…" }).click();
  const form = dialog(page, "Create key");
  await expect(form.getByLabel("Name")).toHaveValue("ci 2");
  await form.getByRole("button", { name: "Create key" }).click();

  const secret = await readSecret(page);
  expect(secret).not.toBe(made.key);
  const { name, description, permissions, scopes, rate_limit_override } = await organization.rest.key("ci 2");
  expect({ name, description, permissions, rate_limit_override }).toEqual({
    name: "ci 2",
    description: "Builds.",
    permissions: ["delete"],
    rate_limit_override: 7,
  });
  expect(scopes).toMatchObject([{ resource_type: "bucket", resource_id: "cache" }]);
});
