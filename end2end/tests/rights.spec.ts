import { heading, memberRow } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a member sees only their own keys, and other keys look like missing ones", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  const foreign = await organization.rest.createKey({ name: "of the admin" });
  const member = await organization.person("member");
  await organization.rest.createKey({ name: "my own" }, member.email);
  await openAs(member, "/keys");
  await expect(page.getByRole("link", { name: "my own" })).toBeVisible();
  await expect(page.getByText("1 key", { exact: true })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Owner" })).toHaveCount(0);

  watch.allowStatus(404);
  const said = [];
  for (const id of [foreign.key_id, "key_doesnotexist", "%00"]) {
    const answer = await page.goto(`/keys/${id}`);
    expect(answer?.status()).toBe(404);
    await expect(heading(page, "Key not found")).toBeVisible();
    said.push(await page.getByRole("main").innerText());
  }
  expect(new Set(said).size, "the same words for foreign and unknown").toBe(1);
});

test("a member sees the members and can change none of them", async ({ page, openAs, organization }) => {
  const member = await organization.person("member");
  await openAs(member, `/members?do=edit&user=${organization.admin.id}`);
  await expect(memberRow(page, organization.admin.email)).toBeVisible();
  await expect(page.getByRole("link", { name: "Add member" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Actions for/ })).toHaveCount(0);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goto("/settings");
  await expect(page.getByText("An admin can rename the organization.")).toBeVisible();
});

test("a viewer is not offered what they cannot do", async ({ page, openAs, organization }) => {
  const viewer = await organization.person("viewer");
  await openAs(viewer, "/keys");
  await expect(page.getByRole("heading", { name: "You have no keys" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Create key" })).toHaveCount(0);
  await page.goto("/keys?create=1");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the key and the members of another organization are not shown", async ({
  page,
  openAs,
  organization,
  server,
  watch,
}) => {
  const { Organization } = await import("../support/organization.ts");
  const other = await Organization.of(server);
  const foreign = await other.rest.createKey({ name: "theirs" });
  await openAs(organization.admin, "/members");
  await expect(memberRow(page, other.admin.email)).toHaveCount(0);
  watch.allowStatus(404);
  expect((await page.goto(`/keys/${foreign.key_id}`))?.status()).toBe(404);
});
