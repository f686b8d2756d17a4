import { expect, test } from "../support/test.ts";

test("a chosen theme applies at once and is remembered until the system's theme is chosen", async ({
  page,
  openAs,
  open,
  organization,
}) => {
  await openAs(organization.admin, "/account");
  const root = page.locator("html");
  const choices = page.getByRole("region", { name: "Appearance" });
  const choose = (name: string) => choices.getByRole("button", { name, exact: true });
  await choose("Dark").click();
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(choose("Dark")).toHaveAttribute("aria-pressed", "true");
  await open("/keys");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await open("/account");
  await expect(choose("Dark")).toHaveAttribute("aria-pressed", "true");
  await choose("System").click();
  await expect(root).not.toHaveAttribute("data-theme", /.*/);
  await open("/keys");
  await expect(root).not.toHaveAttribute("data-theme", /.*/);
});
