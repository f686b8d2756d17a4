import { expect, test } from "../support/test.ts";

for (const path of ["/login", "/keys", "/members", "/settings", "/account", "/nothing-here"]) {
  test(`the headers of ${path} allow only content of this server`, async ({ organization }) => {
    const cookie = await organization.admin.session();
    const answer = await fetch(organization.server.address + path, {
      headers: { cookie, accept: "text/html" },
    });
    const html = await answer.text();
    const header = (name: string) => answer.headers.get(name) ?? "";
    const policy = new Map(
      header("content-security-policy")
        .split(";")
        .map((part) => part.trim().split(/\s+/))
        .map(([name, ...sources]) => [name, sources]),
    );

    const scripts = policy.get("script-src") ?? [];
    expect(scripts).not.toContain("'unsafe-inline'");
    expect(scripts).not.toContain("'unsafe-eval'");
    expect(scripts).toContain("'wasm-unsafe-eval'");
    for (const name of ["object-src", "base-uri", "frame-ancestors"]) {
      expect(policy.get(name), name).toEqual(["'none'"]);
    }
    expect(policy.get("style-src")).toEqual(["'self'"]);
    expect(policy.get("form-action")).toEqual(["'self'"]);
    expect(header("x-content-type-options")).toBe("nosniff");
    expect(header("x-frame-options")).toBe("DENY");
    expect(header("cache-control")).toContain("no-store");
    expect(["same-origin", "no-referrer"]).toContain(header("referrer-policy"));
    expect(header("access-control-allow-origin")).toBe("");
    expect(header("x-request-id")).not.toBe("");

    const nonce = scripts.find((source) => source.startsWith("'nonce-"))?.slice(7, -1) ?? "";
    expect(nonce.length).toBeGreaterThanOrEqual(16);
    const bare = [...html.matchAll(/<script\b([^>]*)>/g)].filter(
      ([, words]) => !words.includes(`nonce="${nonce}"`),
    );
    expect(bare.map(([tag]) => tag)).toEqual([]);
    expect(html).not.toMatch(/ style="| on\w+="/);
  });
}

test("each response has another nonce", async ({ server }) => {
  const policies = new Set<string | null>();
  for (let turn = 0; turn < 3; turn += 1) {
    policies.add((await fetch(`${server.address}/login`)).headers.get("content-security-policy"));
  }
  expect(policies.size).toBe(3);
});

test("a request that another site sends with the user's cookie is refused", async ({ organization }) => {
  const cookie = await organization.admin.session();
  for (const origin of [
    "https://evil.example",
    "null",
    organization.server.address.replace("127.0.0.1", "localhost") + "0",
  ]) {
    const answer = await fetch(`${organization.server.address}/console/api/session/sign_out`, {
      method: "POST",
      headers: { cookie, origin, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(answer.status, origin).toBe(403);
  }
  const still = await fetch(`${organization.server.address}/keys`, {
    headers: { cookie },
    redirect: "manual",
  });
  expect(still.status).toBe(200);
});

test("files with a hash in their name can be cached for ever and are compressed", async ({ server }) => {
  const html = await (await fetch(`${server.address}/login`)).text();
  const files = [...html.matchAll(/(?:href|src)="(\/[^"]+\.(?:wasm|js|css))"/g)].map(([, path]) => path);
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const path of files) {
    const answer = await fetch(server.address + path, { headers: { "accept-encoding": "br" } });
    expect(answer.headers.get("cache-control"), path).toContain("immutable");
    expect(answer.headers.get("content-encoding"), path).toBe("br");
    expect(answer.headers.get("vary")?.toLowerCase(), path).toContain("accept-encoding");
  }
});
