import { heading } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

/** The files with the code of single pages. The code that all pages share is in another file. */
const CODE = /\/pkg\/(chunk|split).*\.wasm/;

for (const [what, fail] of [
  ["does not come", { abort: true }],
  ["is no longer there", { status: 404 }],
] as const) {
  test(`a page whose code ${what} is loaded as a document`, async ({
    page,
    openAs,
    organization,
    untilHydrated,
    watch,
  }) => {
    // The browser and the loader each report a file that fails. A panic is not allowed.
    watch.allow(
      /^request: net::ERR_FAILED GET \S+\.wasm$/,
      /^console: (?![^]*panicked)[^]*(\.wasm|\.js)/,
      // A file that was requested together with one that failed earlier.
      /^uncaught: TypeError: Failed to fetch/,
    );
    watch.allowStatus(404);
    await openAs(organization.admin, "/keys");
    await untilHydrated();
    await page.evaluate(() => Object.assign(window, { isFirstDocument: true }));

    let refused = 0;
    await page.route(CODE, async (route) => {
      refused += 1;
      await ("status" in fail ? route.fulfill({ status: fail.status, body: "" }) : route.abort());
    });
    const documents: string[] = [];
    page.on("request", (request) => {
      if (request.isNavigationRequest()) {
        documents.push(new URL(request.url()).pathname + new URL(request.url()).search);
      }
    });
    await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Members" }).click();
    await expect(heading(page, "Members")).toBeVisible();
    await expect(page).toHaveURL(/\/members$/);
    expect(await page.evaluate(() => "isFirstDocument" in window), "a new document").toBe(false);
    expect(refused).toBeGreaterThan(0);

    // The code of the new document fails to load as well. The document stays as it is, and its links work.
    await page.waitForLoadState("networkidle");
    expect(documents, "loaded once").toEqual(["/members"]);
    await page.getByRole("link", { name: "Add member" }).click();
    await expect(page.getByRole("dialog", { name: "Add a member" })).toBeVisible();
    expect(documents).toEqual(["/members", "/members?do=add"]);

    // Once the code can be loaded again, the page is hydrated.
    await page.unroute(CODE);
    await page.goto("/members");
    await untilHydrated();
  });
}
