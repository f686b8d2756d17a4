import { errorOf, heading, signIn } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

const NEW = "a new passphrase";

test("the operator's link sets a new password once and ends all sessions", async ({
  page,
  openAs,
  open,
  browse,
  organization,
  watch,
}) => {
  await openAs(organization.admin, "/keys");
  const link = await organization.server.resetPassword(organization.admin.email);

  const theirs = await open(link, await browse());
  await expect(heading(theirs, "Choose a password")).toBeVisible();
  await expect(theirs.getByRole("main")).toContainText(organization.admin.email);
  const password = theirs.getByLabel("Password", { exact: true });
  await password.fill("short");
  await theirs.getByRole("button", { name: "Set password" }).click();
  expect(await errorOf(password)).toBe("Use at least 10 characters.");
  await password.fill(NEW);
  await theirs.getByRole("button", { name: "Set password" }).click();
  await expect(heading(theirs, "Keys")).toBeVisible();

  await page.goto("/keys");
  await expect(heading(page, "Sign in")).toBeVisible();
  watch.allowStatus(401, 404);
  await open("/login");
  await signIn(page, organization.admin);
  await expect(page.getByRole("alert")).toBeVisible();
  await open("/login");
  await signIn(page, { email: organization.admin.email, password: NEW });
  await expect(heading(page, "Keys")).toBeVisible();

  const again = await browse();
  await again.goto(link);
  await expect(heading(again, "This link does not work")).toBeVisible();
});
