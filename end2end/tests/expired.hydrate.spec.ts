import { heading, signIn } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

const ENDED = "Your session has ended. Sign in again to continue where you left off.";

test("a session that was ended elsewhere is reported once, and signing in leads back", async ({
  page,
  openAs,
  browse,
  open,
  untilHydrated,
  organization,
  watch,
}) => {
  await openAs(organization.admin, "/members?role=admin");
  const other = await open("/account", await browse(organization.admin));
  await other.getByRole("button", { name: /^End the session/ }).click();
  await expect(other.getByRole("button", { name: /^End the session/ })).toHaveCount(0);

  watch.allowStatus(401);
  await page.getByRole("link", { name: "Settings" }).click();

  await expect(heading(page, "Sign in")).toBeVisible();
  await expect(page.getByText(ENDED)).toHaveCount(1);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await untilHydrated();
  await signIn(page, organization.admin);
  await expect(heading(page, "Settings")).toBeVisible();
});

test("a form that is sent after the session has ended creates nothing and says why", async ({
  page,
  context,
  openAs,
  untilHydrated,
  organization,
  watch,
}) => {
  await openAs(organization.admin, "/keys?create=1");
  await page.getByLabel("Name", { exact: true }).fill("too late");
  await context.clearCookies({ name: "__Host-keystead" });

  watch.allowStatus(401);
  await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();

  await expect(page.getByText(ENDED)).toHaveCount(1);
  await untilHydrated();
  await signIn(page, organization.admin);
  await expect(heading(page, "Keys")).toBeVisible();
  await expect(page.getByRole("link", { name: "too late" })).toHaveCount(0);
});

test("a password change ends every other session and says so", async ({
  page,
  openAs,
  browse,
  open,
  organization,
}) => {
  const elsewhere = await open("/keys", await browse(organization.admin));
  await openAs(organization.admin, "/account");

  await page.getByLabel("Current password").fill(organization.admin.password);
  await page.getByLabel("New password").fill("a new and longer password");
  await page.getByRole("button", { name: "Change password" }).click();

  await expect(page.getByText("Your password was changed.")).toBeVisible();
  await elsewhere.goto("/keys");
  await expect(elsewhere.getByText(ENDED)).toHaveCount(1);
  await page.goto("/keys");
  await expect(heading(page, "Keys")).toBeVisible();
});
