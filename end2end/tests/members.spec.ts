import { PASSWORD, unique } from "../support/organization.ts";
import { chooseFor, dialog, heading, memberRow } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("an admin adds a member with a role", async ({ page, openAs, organization }) => {
  const email = `${unique("new")}@example.com`;
  await openAs(organization.admin, "/members");
  await page.getByRole("link", { name: "Add member" }).click();
  const form = dialog(page, "Add a member");
  await form.getByLabel("E-mail").fill(email);
  await form.getByLabel("Name").fill("Nora New");
  await form.getByLabel("Viewer").check();
  await form.getByRole("button", { name: "Add member" }).click();

  await expect(dialog(page, "Invitation link")).toContainText("Nora New cannot sign in to the console yet.");
  await page.goto("/members");
  await expect(memberRow(page, email)).toContainText("Viewer");
  await expect(memberRow(page, email)).toContainText("Not joined yet");
});

test("an invitation link works once and leads into the console", async ({
  browse,
  open,
  organization,
  watch,
}) => {
  const invited = await organization.invited("member", "Ivo Invited");
  const link = await organization.invitation(invited.id);
  const page = await open(link, await browse());
  await expect(heading(page, `Join ${organization.name}`)).toBeVisible();
  await expect(page.getByText(invited.email)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Join" }).click();
  await expect(heading(page, "Keys")).toBeVisible();
  await expect(page.getByRole("button", { name: /Ivo Invited/ })).toBeVisible();

  watch.allowStatus(404);
  const late = await open(link, await browse());
  await expect(heading(late, "This invitation link does not work")).toBeVisible();
});

test("the role of a member can be changed", async ({ page, openAs, organization }) => {
  const member = await organization.person("member", "Mia Member");
  await openAs(organization.admin, "/members");
  await chooseFor(page, "Mia Member", "Name and role…");
  const form = dialog(page, "Name and role");
  await expect(form.getByLabel("Member")).toBeChecked();
  await form.getByLabel("Viewer").check();
  await form.getByRole("button", { name: "Save" }).click();

  await expect(memberRow(page, member.email)).toContainText("Viewer");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("removing a member ends their session and their keys", async ({
  page,
  openAs,
  browse,
  open,
  organization,
}) => {
  const member = await organization.person("member", "Rita Removed");
  const key = await organization.rest.createKey({ name: "ritas" }, member.email);
  const theirs = await open("/keys", await browse(member));
  await expect(heading(theirs, "Keys")).toBeVisible();

  await openAs(organization.admin, "/members");
  await chooseFor(page, "Rita Removed", "Remove…");
  const panel = dialog(page, "Remove a member");
  await expect(panel).toContainText("All their keys are revoked at once and cannot be restored.");
  await panel.getByRole("button", { name: "Remove Rita Removed" }).click();
  await expect(memberRow(page, member.email)).toHaveCount(0);

  expect(await organization.rest.accepts(key.key, member.email)).toBe(false);
  await theirs.goto("/keys");
  await expect(heading(theirs, "Sign in")).toBeVisible();
});

test("the only admin cannot be removed, suspended or demoted", async ({
  page,
  open,
  openAs,
  organization,
}) => {
  const { id } = organization.admin;
  await openAs(organization.admin, `/members?do=remove&user=${id}`);
  await expect(
    page.getByText("Ada Lovelace is the only active admin. Make someone else an admin first."),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove Ada Lovelace" })).toBeDisabled();
  await open(`/members?do=suspend&user=${id}`);
  await expect(page.getByRole("button", { name: "Suspend Ada Lovelace" })).toBeDisabled();
  await open(`/members?do=edit&user=${id}`);
  await expect(page.getByLabel("Viewer")).toBeDisabled();
});

test("the address selects members by name and role", async ({
  page,
  open,
  openAs,
  organization,
}) => {
  const found = await organization.invited("viewer", "Zoe Findme");
  await openAs(organization.admin, "/members?search=findme");
  await expect(memberRow(page, found.email)).toBeVisible();
  await expect(memberRow(page, organization.admin.email)).toHaveCount(0);
  await open("/members?role=viewer");
  await expect(memberRow(page, found.email)).toBeVisible();
  await expect(memberRow(page, organization.admin.email)).toHaveCount(0);
  await open("/members?search=nobodyatall");
  await expect(page.getByRole("heading", { name: "Nobody matches" })).toBeVisible();
});
