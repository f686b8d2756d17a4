/**
 * Finds out when a page is hydrated. Before that, only the browser handles a press. An attribute of the document says
 * that the page is hydrated, but parts of the page can follow later. The page counts as hydrated once the console has
 * attached its click listeners to all parts.
 */

import type { BrowserContext, Page } from "@playwright/test";

/** Records when the console attaches click listeners, in every page of a browser context. */
export async function recordHydration(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const listen = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (
      this: EventTarget,
      ...words: Parameters<typeof listen>
    ) {
      if (this instanceof Element && words[0] === "click") {
        Object.assign(window, { listensSince: performance.now() });
      } else if (this === window && words[0] === "click") {
        Object.assign(window, { startedAt: performance.now() });
      }
      listen.apply(this, words);
    };
  });
}

/** Waits until the page is hydrated and no click listener was attached for two frames. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.hasAttribute("data-hydrated"));
  await page.waitForFunction(
    () =>
      new Promise<boolean>((resolve) => {
        const since = () => (window as { listensSince?: number }).listensSince;
        const before = since();
        requestAnimationFrame(() =>
          requestAnimationFrame(() => resolve(before !== undefined && since() === before)),
        );
      }),
  );
}

/** Waits until the code of the console runs. The current page is hydrated later. */
export async function started(page: Page): Promise<void> {
  await page.waitForFunction(() => (window as { startedAt?: number }).startedAt !== undefined);
}
