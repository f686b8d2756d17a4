/** An organization with many keys. Tests share it and must not change it. */

import { Organization } from "./organization.ts";
import { test as base } from "./test.ts";

export const PAYMENTS = 20;
export const SERVICES = 100;
export const REVOKED = 10;
export const SOON = 5;
/** The number of active keys. The 1 stands for the admin key. */
export const ACTIVE = 1 + PAYMENTS + SERVICES - REVOKED;

export const test = base.extend<object, { crowd: Organization }>({
  crowd: [
    async ({ server }, use) => {
      const crowd = await Organization.of(server);
      await fill(crowd);
      await use(crowd);
    },
    { scope: "worker" },
  ],
});

async function fill({ rest }: Organization): Promise<void> {
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString();
  const late = new Date(Date.now() + 200 * 86_400_000).toISOString();
  const drafts = [
    ...numbers(PAYMENTS).map((n) => ({
      name: `payment-${n}`,
      permissions: ["write"],
      expires_at: Number(n) <= SOON ? soon : late,
    })),
    ...numbers(SERVICES).map((n) => ({ name: `service-${n}` })),
  ];
  await inTurns(drafts, (draft) => rest.createKey(draft));
  await inTurns(numbers(SERVICES).slice(-REVOKED), (n) => rest.revokeKey(`service-${n}`));
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(3, "0"));
}

async function inTurns<T>(all: T[], act: (one: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < all.length; start += 16) {
    await Promise.all(all.slice(start, start + 16).map(act));
  }
}
