import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { defineConfig } from "@playwright/test";

const pictures = process.env.PICTURES !== undefined;

export default defineConfig({
  testDir: ".",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: true,
  // A test that passes only at the second attempt hides a bug, so no test is repeated.
  retries: 0,
  workers: 2,
  timeout: 45_000,
  expect: { timeout: 7_000 },
  reporter: [["list"]],
  use: {
    screenshot: "only-on-failure",
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    launchOptions: {
      executablePath: browser(),
      args: [
        // Containers do not allow the browser its own sandbox. The tests open no server but their own.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: pictures
    ? [{ name: "pictures", testMatch: "screenshots.spec.ts", timeout: 600_000 }]
    : [
        { name: "desktop", testMatch: "tests/*.spec.ts", testIgnore: "tests/narrow.*" },
        {
          name: "desktop-dark",
          testMatch: "tests/accessibility.*.spec.ts",
          use: { colorScheme: "dark" },
        },
        {
          // Tests that need WebAssembly have `hydrate` in their name. All others must pass without scripts.
          name: "without-scripts",
          testMatch: "tests/*.spec.ts",
          testIgnore: ["tests/*.hydrate.spec.ts"],
          use: { javaScriptEnabled: false },
        },
        {
          name: "narrow",
          testMatch: "tests/narrow.hydrate.spec.ts",
          use: { viewport: { width: 360, height: 740 }, hasTouch: true },
        },
      ],
});

/** Finds a browser that is installed on this machine, so that Playwright does not have to download one. */
function browser(): string | undefined {
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  const names = ["chromium", "google-chrome", "chromium-browser"];
  const places = [
    process.env.CHROMIUM,
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
  ];
  return places.find((place) => place !== undefined && place !== "" && isExecutable(place));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
