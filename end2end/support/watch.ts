/**
 * Records what goes wrong in a browser without showing in the page: errors and warnings in the console (such as
 * violations of the content security policy), uncaught errors, and failed requests. Any of them fails the test unless
 * it is allowed.
 */

import type { BrowserContext } from "@playwright/test";

export class Watch {
  private readonly troubles: string[] = [];
  private readonly allowed: RegExp[] = [];

  /** Watches every page of a browser context. Without scripts, allows the errors about skipped scripts. */
  over(context: BrowserContext, withScripts: boolean): void {
    if (!withScripts) {
      this.allow(/^request: csp GET \S+\/pkg\/\S+\.js$/, /^console: The resource \S+\.wasm was preloaded /);
    }
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.record(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => this.record(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // The browser cancels requests when the user leaves the page that made them.
      if (why !== "net::ERR_ABORTED") {
        this.record(`request: ${why} ${request.method()} ${request.url()}`);
      }
    });
  }

  /** Allows errors that match one of the patterns, because the test provokes them. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** Allows responses with one of these statuses, each of which the browser reports in its console. */
  allowStatus(...statuses: number[]): void {
    this.allow(...statuses.map((status) => new RegExp(`responded with a status of ${status}\\b`)));
  }

  /** The errors that were not allowed. */
  get found(): string[] {
    return this.troubles.filter((trouble) => !this.allowed.some((pattern) => pattern.test(trouble)));
  }

  private record(trouble: string): void {
    this.troubles.push(trouble);
  }
}
