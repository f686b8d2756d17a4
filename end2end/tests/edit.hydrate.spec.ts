import { choose, dialog, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("an edit changes only what was edited, and the history shows the values before and after", async ({
  page,
  openAs,
  organization,
}) => {
  const made = await organization.rest.createKey({
    name: "reports",
    rate_limit_override: 60,
    description: "Old.",
  });
  await openAs(organization.admin, "/keys");
  await choose(page, "reports", "Edit…");
  const form = dialog(page, "Edit “reports”");
  await expect(form.getByLabel("Name")).toHaveValue("reports");
  await form.getByLabel("Name").fill("reports-eu");
  await form.getByLabel("Delete", { exact: true }).check();
  await form.getByLabel("Rate limit").fill("");
  await form.getByRole("button", { name: "Save changes" }).click();

  await expect(page.getByText("“reports-eu” was changed.")).toBeVisible();
  await rowOf(page, "reports-eu").getByRole("link", { name: "reports-eu" }).click();
  await expect(page.getByRole("heading", { name: "reports-eu", level: 1 })).toBeVisible();
  const history = page.getByRole("list", { name: "History of the key" });
  await expect(history).toContainText("Name: reports → reports-eu");
  await expect(history).toContainText("Rate limit: 60 per minute → default");
  await expect(history).toContainText("Permissions: read → delete");
  await expect(history).toContainText(`by ${organization.admin.email}`);
  expect(await organization.rest.key("reports-eu")).toMatchObject({
    key_id: made.key_id,
    description: "Old.",
    permissions: ["delete"],
    rate_limit_override: null,
  });
  expect(await organization.rest.accepts(made.key), "the secret stays").toBe(true);
});

test("an edit of a key that someone else has changed is refused and changes nothing", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  await organization.rest.createKey({ name: "shared" });
  await openAs(organization.admin, "/keys");
  await choose(page, "shared", "Edit…");
  const form = dialog(page, "Edit “shared”");
  await form.getByLabel("Description").fill("Mine.");
  await organization.rest.updateKey("shared", { description: "Theirs." });

  watch.allowStatus(409);
  await form.getByRole("button", { name: "Save changes" }).click();

  await expect(form.getByRole("alert")).toContainText("Someone else has changed this key");
  expect((await organization.rest.key("shared")).description).toBe("Theirs.");
});

test("an error in an edit is shown beside its field", async ({ page, openAs, organization }) => {
  await organization.rest.createKey({ name: "strict" });
  await openAs(organization.admin, "/keys");
  await choose(page, "strict", "Edit…");
  const form = dialog(page, "Edit “strict”");
  await form.getByLabel("Name").fill("");
  await form.getByRole("button", { name: "Save changes" }).click();
  await expect(form.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await expect(form.getByLabel("Name")).toBeFocused();
});
