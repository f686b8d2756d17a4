import {
  serviceAccountRow,
  chooseFor,
  closeReveal,
  dialog,
  errorOf,
  heading,
  readSecret,
  rowOf,
  startCreating,
} from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a key can be created from the page of a service account", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const made = await rest.createServiceAccount("deployer");
  await openAs(admin, `/service-accounts/${made.id}`);
  await page.getByRole("link", { name: "Create key" }).first().click();
  const form = dialog(page, "Create key");
  await expect(form.getByLabel("Owner")).toHaveValue(made.id);
  await expect(form.getByText("the key can do only what the permissions")).toBeVisible();
  await form.getByLabel("Name").fill("first");
  await form.getByLabel("Admin", { exact: true }).check();
  await expect(form.getByText("The owner is a service account, so the key can use at most the permission delete.")).toBeVisible();
  await form.getByLabel("Read", { exact: true }).check();
  await form.getByRole("button", { name: "Create key" }).click();
  expect(await rest.opens(await readSecret(page))).toBe(true);
  await closeReveal(page);

  await expect(rowOf(page, "first")).toContainText("deployer");
  await rowOf(page, "first").getByRole("link", { name: "first" }).click();
  await page.getByRole("link", { name: "deployer" }).click();
  await expect(heading(page, "deployer")).toBeVisible();
  await expect(page.getByRole("table", { name: "Keys of the service account" })).toContainText("first");
});

test("a person or a service account can be the owner of a new key", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  await rest.createServiceAccount("collector");
  await rest.disableServiceAccount((await rest.createServiceAccount("retired")).id);
  const person = await organization.invited("member", "Otto Owner");
  await openAs(admin, "/keys");
  const form = await startCreating(page);
  const owner = form.getByLabel("Owner");
  await expect(owner.getByRole("option", { name: `Otto Owner · ${person.email}` })).toHaveCount(1);
  await expect(owner.getByRole("option", { name: "retired" })).toHaveCount(0);
  await owner.selectOption({ label: "collector · service account" });
  await form.getByLabel("Name").fill("collecting");
  await form.getByRole("button", { name: "Create key" }).click();
  await closeReveal(page);
  await expect(rowOf(page, "collecting")).toContainText("collector");

  await page.getByRole("button", { name: "Owner", exact: true }).click();
  await page.getByRole("link", { name: "collector", exact: true }).and(page.locator(".menu-item")).click();
  await expect(rowOf(page, "collecting")).toBeVisible();
  await expect(rowOf(page, "admin-key")).toHaveCount(0);
});

test("a member cannot choose a service account as owner", async ({ page, openAs, organization }) => {
  await organization.rest.createServiceAccount("unseen");
  await openAs(await organization.person("member"), "/keys");
  const form = await startCreating(page);
  await expect(form.getByLabel("Owner")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Owner", exact: true })).toHaveCount(0);
});

test("an error is shown beside its field while typing", async ({ page, openAs, organization }) => {
  await openAs(organization.admin, "/service-accounts?do=create");
  const form = dialog(page, "Create a service account");
  const [name, words] = [form.getByLabel("Name", { exact: true }), form.getByLabel("Permissions in your own")];
  await name.fill("x");
  await words.fill("apikey:*");
  await form.getByRole("button", { name: "Create service account" }).click();
  expect(await errorOf(words)).toBe("Use a resource and a verb in lower case, such as apikey:read.");
  await expect(words).toBeFocused();
  await words.fill("apikey:star");
  await expect(words).not.toHaveAttribute("aria-invalid");
  await name.fill("");
  expect(await errorOf(name)).not.toBe("");
});

test("a name that is taken is refused, and nothing that was typed is lost", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  await organization.rest.createServiceAccount("twice");
  await openAs(organization.admin, "/service-accounts?do=create");
  const form = dialog(page, "Create a service account");
  await form.getByLabel("Name", { exact: true }).fill("twice");
  await form.getByLabel("Create keys").check();
  watch.allowStatus(409);
  await form.getByRole("button", { name: "Create service account" }).click();
  await expect(form.getByRole("alert")).toBeVisible();
  await expect(form.getByLabel("Create keys")).toBeChecked();
  await form.getByLabel("Name", { exact: true }).fill("thrice");
  await expect(form.getByRole("alert")).toHaveCount(0);
  await form.getByRole("button", { name: "Create service account" }).click();
  await expect(heading(page, "thrice")).toBeVisible();
});

test("the name has to be typed before a service account in use is disabled", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const made = await rest.createServiceAccount("in use");
  const key = await rest.createServiceAccountKey(made.id, "k");
  expect(await rest.opens(key.key)).toBe(true);
  await openAs(admin, "/service-accounts");
  await expect(async () => {
    await page.reload();
    await expect(serviceAccountRow(page, "in use")).not.toContainText("Never used", { timeout: 500 });
  }).toPass();
  await openAs(admin, `/service-accounts/${made.id}`);
  await page.getByRole("link", { name: "Disable" }).click();
  const panel = dialog(page, "Disable the service account");
  const typed = panel.getByLabel("Type “in use” to confirm");
  await typed.fill("in us");
  await panel.getByRole("button", { name: "Disable for good" }).click();
  expect(await errorOf(typed)).toBe("Type the name exactly as shown above.");
  expect(await rest.opens(key.key)).toBe(true);
  await typed.fill("in use");
  await panel.getByRole("button", { name: "Disable for good" }).click();
  await expect(page.getByText("“in use” was disabled. Its keys no longer work.")).toBeVisible();
  await expect(page.getByText("Disabled for good")).toBeVisible();
  expect(await rest.opens(key.key)).toBe(false);
});

test("an edit of a service account that someone else has changed is refused", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  const { rest, admin } = organization;
  const made = await rest.createServiceAccount("shared");
  await openAs(admin, "/service-accounts");
  await chooseFor(page, "shared", "Edit…");
  const form = dialog(page, "Edit the service account");
  await form.getByLabel("Description").fill("Mine.");
  await rest.updateServiceAccount(made.id, "theirs", ["apikey:read"]);
  watch.allowStatus(409);
  await form.getByRole("button", { name: "Save changes" }).click();
  await expect(form.getByRole("alert")).toContainText("Someone else has changed this service account");
  await form.getByRole("button", { name: "Show the current version" }).click();
  await expect(form).toBeHidden();
  await expect(serviceAccountRow(page, "theirs")).toContainText("apikey:read");
});

test("the dialogs of service accounts take the focus and return it on Escape", async ({
  page,
  openAs,
  organization,
}) => {
  await organization.rest.createServiceAccount("by hand");
  await openAs(organization.admin, "/service-accounts");
  const opener = page.getByRole("link", { name: "Create service account" });
  await opener.press("Enter");
  await expect(dialog(page, "Create a service account").getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(opener).toBeFocused();
});

// The content of the dialog is loaded after the dialog has opened.
test("the dialog of a service account takes the focus when it is opened from the menu", async ({
  page,
  openAs,
  organization,
}) => {
  await organization.rest.createServiceAccount("by hand");
  await openAs(organization.admin, "/service-accounts");
  const menu = page.getByRole("button", { name: "Actions for by hand" });
  await menu.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const form = dialog(page, "Edit the service account");
  await expect(form.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await expect(serviceAccountRow(page, "by keyboard")).toBeVisible();
  await expect(form).toBeHidden();
});

test("hostile names of service accounts are shown as text", async ({ page, open, openAs, organization }) => {
  const said: string[] = [];
  page.on("dialog", (question) => {
    said.push(question.message());
    void question.dismiss();
  });
  for (const name of ["</script><script>alert(1)</script>", "</title></textarea><img src=x onerror=alert(2)>"]) {
    const made = await organization.rest.createServiceAccount(name, [], name);
    await organization.rest.createServiceAccountKey(made.id, name);
    await openAs(organization.admin, "/service-accounts");
    await expect(serviceAccountRow(page, name)).toBeVisible();
    await open(`/service-accounts/${made.id}?do=disable`);
    await expect(dialog(page, "Disable the service account")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(heading(page, name)).toBeVisible();
    await open(`/service-accounts/${made.id}?do=edit`);
    await expect(dialog(page, "Edit the service account").getByLabel("Description")).toHaveValue(name);
    await open(`/keys?owner=${made.id}&create=1`);
    await expect(dialog(page, "Create key").getByLabel("Owner")).toHaveValue(made.id);
  }
  expect(said).toEqual([]);
});
