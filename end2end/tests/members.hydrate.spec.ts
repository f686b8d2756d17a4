import { PASSWORD, unique } from "../support/organization.ts";
import { chooseFor, dialog, errorOf, heading, memberRow } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a new member joins with the invitation link in another browser", async ({
  page,
  openAs,
  browse,
  open,
  organization,
}) => {
  const email = `${unique("joiner")}@example.com`;
  await openAs(organization.admin, "/members");
  await page.getByRole("link", { name: "Add member" }).click();
  const form = dialog(page, "Add a member");
  await form.getByLabel("E-mail").fill(email);
  await form.getByLabel("Name").fill("Jo Joiner");
  await form.getByRole("button", { name: "Add member" }).click();

  const panel = dialog(page, "Invitation link");
  await panel.getByRole("button", { name: "Create invitation link" }).click();
  await panel.getByRole("button", { name: "Show" }).click();
  const code = panel.getByRole("group", { name: "Invitation link" }).locator("code");
  await expect(code).not.toContainText("•");
  const link = await code.innerText();
  await panel.getByRole("button", { name: "Done" }).click();
  await expect(panel).toBeHidden();
  expect(await page.content()).not.toContain(link);

  const theirs = await open(link, await browse());
  await theirs.getByLabel("Password", { exact: true }).fill("short");
  await theirs.getByRole("button", { name: "Join" }).click();
  expect(await errorOf(theirs.getByLabel("Password", { exact: true }))).toBe("Use at least 10 characters.");
  await theirs.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await theirs.getByRole("button", { name: "Join" }).click();
  await expect(heading(theirs, "Keys")).toBeVisible();

  await page.reload();
  await expect(memberRow(page, email)).toContainText("Can sign in");

  await memberRow(page, email).getByRole("button").last().click();
  await page.getByText("Allow sign-in again").click();
  await expect(page.getByText("The member can sign in again.")).toBeVisible();
});

test("a member who lost their password chooses a new one with a link from an admin", async ({
  page,
  openAs,
  browse,
  open,
  organization,
}) => {
  const member = await organization.person("member");
  await openAs(organization.admin, "/members");
  await chooseFor(page, member.name, "New password…");
  const panel = dialog(page, "New password");
  await panel.getByRole("button", { name: "Create link" }).click();
  await panel.getByRole("button", { name: "Show" }).click();
  const code = panel.getByRole("group", { name: "Link for a new password" }).locator("code");
  await expect(code).not.toContainText("•");
  const theirs = await open(await code.innerText(), await browse());
  await expect(heading(theirs, `Choose a new password for ${organization.name}`)).toBeVisible();
  await theirs.getByLabel("Password", { exact: true }).fill("another passphrase");
  await theirs.getByRole("button", { name: "Save password" }).click();
  await expect(heading(theirs, "Keys")).toBeVisible();
});

test("a person who is signed in with the invited e-mail address joins with one click", async ({
  openAs,
  organization,
  server,
}) => {
  const { Organization } = await import("../support/organization.ts");
  const other = await Organization.of(server);
  const user = await organization.rest.addUser({
    email: other.admin.email,
    user_name: "Guest",
    role: "viewer",
  });
  const link = new URL(await organization.invitation(user.user_id));
  const page = await openAs(other.admin, link.pathname + link.search);
  await expect(page.getByText(`You are signed in to ${other.name} with this e-mail address.`)).toBeVisible();
  await page.getByRole("button", { name: "Join" }).click();
  await expect(heading(page, "Keys")).toBeVisible();
  await expect(page.getByRole("button", { name: /Guest/ })).toBeVisible();
});

test("the keys of a suspended member do not work again after the member is activated", async ({
  page,
  openAs,
  organization,
}) => {
  const member = await organization.person("member", "Sam Paused");
  const key = await organization.rest.createKey({ name: "sams" }, member.email);
  await openAs(organization.admin, "/members");
  await chooseFor(page, "Sam Paused", "Suspend…");
  await dialog(page, "Suspend a member").getByRole("button", { name: "Suspend Sam Paused" }).click();
  await expect(memberRow(page, member.email)).toContainText("Suspended");
  expect(await organization.rest.accepts(key.key, member.email)).toBe(false);

  await page.getByRole("button", { name: "Actions for Sam Paused" }).click();
  await page.getByRole("button", { name: "Activate" }).click();
  await expect(memberRow(page, member.email)).toContainText("Active");
  expect(await organization.rest.accepts(key.key, member.email)).toBe(false);
});

test("a refused activation of a member is reported", async ({ page, openAs, organization, watch }) => {
  await organization.person("member", "Sam Paused");
  await openAs(organization.admin, "/members");
  await chooseFor(page, "Sam Paused", "Suspend…");
  await dialog(page, "Suspend a member").getByRole("button", { name: "Suspend Sam Paused" }).click();
  await expect(page.getByText("Sam Paused was changed.")).toBeVisible();

  watch.allow(/ERR_FAILED/);
  await page.route("**/console/api/members/update", (route) => route.abort());
  await page.getByRole("button", { name: "Actions for Sam Paused" }).click();
  await page.getByRole("button", { name: "Activate" }).click();
  await expect(page.getByText("The member could not be activated.")).toBeVisible();
});

test("an invalid e-mail address is shown beside its field in the form for a member", async ({
  page,
  openAs,
  organization,
}) => {
  await openAs(organization.admin, "/members?do=add");
  const form = dialog(page, "Add a member");
  await form.getByLabel("E-mail").fill("nobody");
  await form.getByLabel("Name").fill("N");
  await form.getByLabel("Name").blur();
  expect(await errorOf(form.getByLabel("E-mail"))).not.toBe("");
  expect(await errorOf(form.getByLabel("Name"))).toBe("Use at least 2 characters.");
});
