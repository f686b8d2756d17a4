import type { Page } from "@playwright/test";

import { choose, chooseFor, dialog, memberRow, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

/** Holds back the requests to a server function. */
class HeldBack {
  private release = () => {};
  private readonly released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  private constructor(private readonly asked: Promise<unknown>) {}

  static async at(page: Page, endpoint: string): Promise<HeldBack> {
    const address = `**/console/api/${endpoint}`;
    const held = new HeldBack(page.waitForRequest(address));
    await page.route(address, async (route) => {
      await held.released;
      await route.continue();
    });
    return held;
  }

  /** Waits until the page has made a request. */
  async untilAsked(): Promise<void> {
    await this.asked;
  }

  /** Lets the requests reach the server. */
  go(): void {
    this.release();
  }
}

test("the menu of a key stays open when the list is loaded again", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  await rest.createKey({ name: "paused" });
  await rest.createKey({ name: "other" });
  await openAs(admin, "/keys");
  await choose(page, "paused", "Disable…");
  await dialog(page, "Disable “paused”?").getByRole("button", { name: "Disable key" }).click();
  await expect(rowOf(page, "paused")).toContainText("Disabled");

  const list = await HeldBack.at(page, "keys/page");
  await choose(page, "paused", "Enable");
  await list.untilAsked();
  await rest.createKey({ name: "newest" });
  await rest.updateKey("other", { permissions: ["write"] });
  const menu = page.getByRole("button", { name: "Actions for other", exact: true });
  await menu.click();
  const item = rowOf(page, "other").getByRole("button", { name: "Edit…", exact: true });
  await expect(item).toBeVisible();
  list.go();

  await expect(rowOf(page, "newest")).toBeVisible();
  await expect(rowOf(page, "other")).toContainText("Write");
  await expect(rowOf(page, "paused")).not.toContainText("Disabled");
  await expect(item).toBeVisible();
  await expect(menu).toBeFocused();

  // The menu acts on the key as it is now. Otherwise the change would be refused.
  await item.click();
  const form = dialog(page, "Edit “other”");
  await form.getByLabel("Description").fill("Changed from the menu.");
  await form.getByRole("button", { name: "Save changes" }).click();
  await expect(form).toBeHidden();
});

test("the menu of a member stays open when the list is loaded again", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const paused = await organization.person("member", "Sam Paused");
  const other = await organization.person("member", "Olga Other");
  await openAs(admin, "/members");
  await chooseFor(page, "Sam Paused", "Suspend…");
  await dialog(page, "Suspend a member").getByRole("button", { name: "Suspend Sam Paused" }).click();
  await expect(memberRow(page, paused.email)).toContainText("Suspended");

  const list = await HeldBack.at(page, "members/list");
  await page.getByRole("button", { name: "Actions for Sam Paused" }).click();
  await page.getByRole("button", { name: "Activate" }).click();
  await list.untilAsked();
  await rest.addUser({ email: "a-new-one@example.com", user_name: "Aaron New", role: "viewer" });
  const menu = page.getByRole("button", { name: "Actions for Olga Other", exact: true });
  await menu.click();
  const item = memberRow(page, other.email).getByRole("link", { name: "Name and role…" });
  await expect(item).toBeVisible();
  list.go();

  await expect(memberRow(page, "a-new-one@example.com")).toBeVisible();
  await expect(memberRow(page, paused.email)).not.toContainText("Suspended");
  await expect(item).toBeVisible();
  await expect(menu).toBeFocused();
});
