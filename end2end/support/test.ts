/** The fixtures of the tests: a running server, an organization for each test, and browsers that are watched. */

import { type BrowserContext, type Page, test as base } from "@playwright/test";

import { hydrated, recordHydration } from "./hydration.ts";
import { Organization, type Person } from "./organization.ts";
import { Server } from "./server.ts";
import { Watch } from "./watch.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** A server without any organization, for this test alone. */
  freshServer: Server;
  /** An organization for this test alone. */
  organization: Organization;
  /** Collects what goes wrong in the browsers of the test. */
  watch: Watch;
  /** Fails the test if the shared server logged an error, even if the browser showed no failure. */
  noServerErrors: void;
  /** Opens another browser, signed in as `person` or not signed in. */
  browse: (person?: Person) => Promise<Page>;
  /** Opens an address. If the test's browser runs scripts, waits until the page is hydrated. */
  open: (path: string, page?: Page) => Promise<Page>;
  /** Signs a person in, in the test's browser, and opens an address. */
  openAs: (person: Person, path: string) => Promise<Page>;
  /** Waits until the page is hydrated, if the test's browser runs scripts. */
  untilHydrated: (page?: Page) => Promise<void>;
}

interface WorkerFixtures {
  server: Server;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  freshServer: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.stop();
  },

  baseURL: async ({ server }, use) => use(server.address),

  organization: async ({ server }, use) => use(await Organization.of(server)),

  watch: async ({}, use) => {
    const watch = new Watch();
    await use(watch);
    if (watch.found.length > 0) {
      throw new Error(`The browser reported errors:\n${watch.found.join("\n")}`);
    }
  },

  noServerErrors: [
    async ({ server }, use) => {
      server.takeLog();
      await use();
      const errors = server.takeLog().filter((line) => / ERROR /.test(line));
      if (errors.length > 0) {
        throw new Error(`The server logged errors:\n${errors.join("\n")}`);
      }
    },
    { auto: true },
  ],

  context: async ({ context, watch, javaScriptEnabled }, use) => {
    await prepare(context, watch, javaScriptEnabled);
    await use(context);
  },

  browse: async (
    { browser, contextOptions, baseURL, javaScriptEnabled, viewport, colorScheme, watch },
    use,
  ) => {
    const opened: BrowserContext[] = [];
    await use(async (person) => {
      const options = { ...contextOptions, baseURL, javaScriptEnabled, viewport, colorScheme };
      const context = await browser.newContext({ ...options, locale: "en-GB", timezoneId: "UTC" });
      opened.push(context);
      await prepare(context, watch, javaScriptEnabled);
      await person?.enter(context);
      return context.newPage();
    });
    for (const context of opened) {
      await context.close();
    }
  },

  untilHydrated: async ({ page, javaScriptEnabled }, use) => {
    await use(async (other = page) => {
      if (javaScriptEnabled !== false) {
        await hydrated(other);
      }
    });
  },

  open: async ({ page, untilHydrated }, use) => {
    await use(async (path, other = page) => {
      await other.goto(path);
      await untilHydrated(other);
      return other;
    });
  },

  openAs: async ({ context, open }, use) => {
    await use(async (person, path) => {
      await person.enter(context);
      return open(path);
    });
  },
});

async function prepare(context: BrowserContext, watch: Watch, withScripts = true): Promise<void> {
  watch.over(context, withScripts);
  await recordHydration(context);
}
