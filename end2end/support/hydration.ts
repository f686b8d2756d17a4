/**
 * Tells when a page has become alive. A press before that moment goes to the browser alone. The document says that its page
 * is taken over; parts of it may follow, and the moment is the one when the console has begun to listen on the last of them.
 */

import type { BrowserContext, Page } from "@playwright/test";

/** Makes the moment visible in every page of a browser context. */
export async function noteHydration(context: BrowserContext): Promise<void> {
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

/** Waits until the page is alive, and no further part of it has become so for two frames. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.hasAttribute("data-alive"));
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

/** Waits until the console runs, which is before the page at hand is alive. */
export async function started(page: Page): Promise<void> {
  await page.waitForFunction(() => (window as { startedAt?: number }).startedAt !== undefined);
}
