/**
 * Takes pictures of every page and dialog, in both themes and at three widths, for people to look at. This is not a test.
 * Run it with `PICTURES=folder npm run pictures`.
 */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { PLACES, createSample, goTo } from "./support/places.ts";
import { test } from "./support/test.ts";

const WIDTHS = [360, 768, 1440];

for (const theme of ["light", "dark"] as const) {
  for (const width of WIDTHS) {
    test(`pictures, ${theme}, ${width} px`, async ({
      page,
      context,
      untilHydrated,
      organization,
      freshServer,
      watch,
    }) => {
      const folder = join(process.env.PICTURES ?? ".", `${width}-${theme}`);
      await mkdir(folder, { recursive: true });
      const take = (name: string, fullPage = true) =>
        page.screenshot({ path: join(folder, `${name.replaceAll(" ", "-")}.png`), fullPage });
      watch.allow(/./);
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: width < 700 ? 780 : 900 });

      await page.goto(freshServer.link);
      await untilHydrated();
      await take("first run");
      await page.getByRole("button", { name: "Create organization" }).click();
      await take("first run refused");

      const sample = await createSample(organization);
      for (const place of PLACES) {
        if (place.open) {
          await context.clearCookies();
        } else {
          await organization.admin.enter(context);
        }
        await goTo(page, place, sample, untilHydrated);
        await page.waitForLoadState("networkidle");
        const isDialog = (await page.getByRole("dialog").count()) > 0;
        await take(place.name, !isDialog);
      }
      if (width < 700) {
        await page.goto("/keys");
        await page.getByRole("button", { name: "Navigation" }).click();
        await take("navigation", false);
      }
    });
  }
}
