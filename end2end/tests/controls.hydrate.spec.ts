import { heading, rowOf } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("control characters in an address are ignored, and the page can be used", async ({
  page,
  open,
  openAs,
  organization,
}) => {
  await organization.rest.createKey({ name: "billing" });
  await openAs(organization.admin, "/keys");
  for (const [address, found] of [
    ["/keys?q=%00", "/keys?q=billing"],
    ["/keys?metadata.a=%00", "/keys?q=billing"],
    ["/keys?q=%01%0A%C2%85&view=all", "/keys?view=all&q=billing"],
    ["/members?search=%00", "/members?search=billing"],
    ["/service-accounts?search=%00", "/service-accounts?search=billing"],
  ]) {
    await open(address);
    await expect(page.getByRole("searchbox")).toHaveValue("");
    await page.getByRole("searchbox").fill("billing");
    await expect(page).toHaveURL((url) => url.pathname + url.search === found);
    if (found.startsWith("/keys")) {
      await expect(rowOf(page, "billing")).toBeVisible();
    }
  }
  await open("/keys?q=bill%00");
  await expect(page.getByRole("searchbox")).toHaveValue("bill");
  await expect(rowOf(page, "billing")).toBeVisible();
  await open("/gateways?do=%00&page=%00");
  await expect(heading(page, "Gateways")).toBeVisible();
});
