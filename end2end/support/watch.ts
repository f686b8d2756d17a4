/**
 * Notes everything that goes wrong in a browser without anybody seeing it: console errors (a broken content policy is
 * one), uncaught errors, requests that fail. A journey that meets one has failed, unless it said that it would.
 */

import type { BrowserContext } from "@playwright/test";

export class Watch {
  private readonly troubles: string[] = [];
  private readonly allowed: RegExp[] = [];

  /** Watches every page of a browser context. Where scripts are switched off, the browser complains of those it skips. */
  over(context: BrowserContext, withScripts: boolean): void {
    if (!withScripts) {
      this.allow(/^request: csp GET \S+\/pkg\/\S+\.js$/, /^console: The resource \S+\.wasm was preloaded /);
    }
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.note(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => this.note(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // A request that is no longer wanted because its page was left.
      if (why !== "net::ERR_ABORTED") {
        this.note(`request: ${why} ${request.method()} ${request.url()}`);
      }
    });
  }

  /** Lets the test meet this trouble, which is its subject. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** Lets answers with this status pass: the browser's console reports each of them. */
  allowStatus(...statuses: number[]): void {
    this.allow(...statuses.map((status) => new RegExp(`responded with a status of ${status}\\b`)));
  }

  /** What has gone wrong and was not allowed. */
  get found(): string[] {
    return this.troubles.filter((trouble) => !this.allowed.some((pattern) => pattern.test(trouble)));
  }

  private note(trouble: string): void {
    this.troubles.push(trouble);
  }
}
