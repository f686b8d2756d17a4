import { Organization, unique } from "../support/organization.ts";
import { heading } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a person in two organizations can switch, and sees only the keys of the current one", async ({
  page,
  openAs,
  untilHydrated,
  organization,
  server,
}) => {
  const second = await Organization.with(server, unique("Zenith"), "Ada Lovelace", organization.admin.email);
  await organization.rest.createKey({ name: "of the first" });
  await second.rest.createKey({ name: "of the second" });
  await openAs(organization.admin, "/keys");
  const [here, there] = (await page.getByRole("link", { name: "of the first" }).count())
    ? [organization, second]
    : [second, organization];

  await page.getByRole("button", { name: new RegExp(here.name) }).click();
  await page.getByRole("button", { name: there.name, exact: true }).click();

  await expect(page.getByRole("button", { name: new RegExp(`${there.name}.*switch organization`) })).toBeVisible();
  await expect(heading(page, "Keys")).toBeVisible();
  await untilHydrated();
  const of = (one: Organization) => (one === second ? "of the second" : "of the first");
  await expect(page.getByRole("link", { name: of(there), exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: of(here), exact: true })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("link", { name: of(there), exact: true })).toBeVisible();
});
