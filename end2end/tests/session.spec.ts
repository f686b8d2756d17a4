import { WRONG, heading, signIn } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("signing in leads to the requested page", async ({ page, open, organization }) => {
  await open("/members?role=admin");
  await expect(heading(page, "Sign in")).toBeVisible();

  await signIn(page, organization.admin);

  await expect(heading(page, "Members")).toBeVisible();
  expect(page.url()).toBe(`${organization.server.address}/members?role=admin`);
});

test("an unknown e-mail address and a wrong password give the same message", async ({
  page,
  open,
  organization,
  watch,
}) => {
  watch.allowStatus(401);
  const said = [];
  for (const email of [organization.admin.email, "nobody@example.com"]) {
    await open("/login");
    await signIn(page, { email, password: "not the password" });
    await expect(page.getByRole("alert")).toContainText(WRONG);
    said.push(await page.getByRole("main").innerText());
  }
  expect(said[0]).toBe(said[1]);
});

test("signing out ends the session on the server", async ({ page, context, openAs, organization }) => {
  await openAs(organization.admin, "/keys");
  const before = await context.cookies();

  await page.getByRole("button", { name: /Ada Lovelace/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(heading(page, "Sign in")).toBeVisible();

  await context.addCookies(before);
  await page.goto("/keys");
  await expect(heading(page, "Sign in")).toBeVisible();
});

test("a session cookie from before the sign-in is replaced", async ({ page, context, open, organization }) => {
  const brought = {
    name: "__Host-keystead",
    value: "chosen-by-someone-else",
    domain: "127.0.0.1",
    path: "/",
  };
  await context.addCookies([{ ...brought, secure: true, httpOnly: true, sameSite: "Lax" }]);
  await open("/login");
  await signIn(page, organization.admin);
  await expect(heading(page, "Keys")).toBeVisible();

  const [session] = (await context.cookies()).filter((cookie) => cookie.name === "__Host-keystead");
  expect(session).toMatchObject({
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    path: "/",
    domain: "127.0.0.1",
  });
  expect(session.value).not.toBe(brought.value);
  expect(session.value.length).toBeGreaterThanOrEqual(22);
});

for (const next of ["//evil.example", "https://evil.example/", "/\\evil.example", "/%2F/evil.example"]) {
  test(`signing in never leads to another site: ${next}`, async ({ page, open, organization }) => {
    await open(`/login?next=${encodeURIComponent(next)}`);
    await signIn(page, organization.admin);
    await expect(heading(page, "Keys")).toBeVisible();
    expect(new URL(page.url()).origin).toBe(organization.server.address);
  });
}
