import { choose, closeReveal, dialog, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

for (const [item, title, button] of [
  ["Rotate secret…", "Rotate “shared”", "Rotate secret"],
  ["Disable…", "Disable “shared”?", "Disable key"],
  ["Revoke…", "Revoke “shared”?", "Revoke key"],
]) {
  test(`nothing is done to a key that someone else has changed: ${button}`, async ({
    page,
    openAs,
    organization,
    watch,
  }) => {
    const { rest, admin } = organization;
    await rest.createKey({ name: "shared" });
    await openAs(admin, "/keys");
    await choose(page, "shared", item);
    const open = dialog(page, title);
    await expect(open).toBeVisible();
    await rest.updateKey("shared", { description: "Needed by the night shift.", permissions: ["write"] });

    watch.allowStatus(409);
    await open.getByRole("button", { name: button, exact: true }).click();
    const said = open.getByRole("alert");
    await expect(said).toContainText("Someone else has changed this key");
    await expect(said).toContainText("Nothing was changed.");
    // Checks the status without using the key: if a key is in use, revoking it asks for its name.
    expect((await rest.key("shared")).status).toBe("active");
    await said.getByRole("button", { name: "Show the current version" }).click();
    await expect(open).toBeHidden();
    await expect(rowOf(page, "shared")).toContainText("Write");

    await choose(page, "shared", item);
    await open.getByRole("button", { name: button, exact: true }).click();
    if (button === "Rotate secret") {
      await closeReveal(page);
    }
    await expect(open).toBeHidden();
  });
}

test("a key that was revoked in the meantime is reported as ended", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  await organization.rest.createKey({ name: "ended" });
  await openAs(organization.admin, "/keys");
  await choose(page, "ended", "Revoke…");
  await organization.rest.revokeKey("ended");
  watch.allowStatus(404);
  const panel = dialog(page, "Revoke “ended”?");
  await panel.getByRole("button", { name: "Revoke key" }).click();
  await expect(panel.getByRole("alert")).toContainText("This key no longer works");
  await panel.getByRole("button", { name: "Show the current version" }).click();
  await expect(rowOf(page, "ended")).toHaveCount(0);
});
