import { chooseFor, dialog, gatewayRow, heading } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("a gateway is created with a rule, and its page shows the configuration of each proxy", async ({
  page,
  open,
  openAs,
  organization,
  server,
}) => {
  await openAs(organization.admin, "/gateways");
  await expect(page.getByRole("heading", { name: "No gateways yet" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Create gateway" }).last().click();
  const form = dialog(page, "Create a gateway");
  await form.getByLabel("Name", { exact: true }).fill("Public API");
  const rule = form.getByRole("group", { name: "Rule 1", exact: true });
  await rule.getByLabel("Method").selectOption("GET");
  await rule.getByLabel("Path").fill("/v1/**");
  await rule.getByLabel("Who passes").selectOption({ label: "A key with read" });
  await form.getByRole("button", { name: "Create gateway" }).click();

  await expect(heading(page, "Public API")).toBeVisible();
  const rules = page.getByRole("table", { name: "Rules" });
  await expect(rules.getByRole("row").nth(1)).toContainText("GET");
  await expect(rules.getByRole("row").nth(1)).toContainText("A key with read");
  await expect(rules.getByRole("row").nth(2)).toContainText("Nobody");
  const address = page.url().split("?")[0];
  const id = address.split("/").pop();
  const configuration = page.getByRole("region", { name: "Proxy configuration" });
  const at = new URL(server.address).host;
  await expect(configuration.locator("#configuration")).toContainText(`/auth/${id}/nginx`);
  for (const [name, words] of [
    ["Caddy", "forward_auth"],
    ["Traefik", "forwardAuth"],
    ["Envoy", "ext_authz"],
  ]) {
    await configuration.getByRole("link", { name }).click();
    await expect(configuration.locator("#configuration")).toContainText(words);
    await expect(configuration.locator("#configuration")).toContainText(name === "Envoy" ? id! : at);
  }
  await open(`${address}?upstream=http%3A%2F%2F10.9.8.7%3A99`);
  await expect(configuration.locator("#configuration")).toContainText("10.9.8.7:99");
});

test("a change of a gateway decides about its next requests", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const id = await rest.createGateway({ name: "files", rules: [{ path: "/v1/**", permission: "read" }] });
  const { key } = await rest.createKey({ name: "caller", permissions: ["read"] });
  expect(await rest.asProxy(id, key, "/v1/x")).toEqual([200, "allowed"]);
  await openAs(admin, "/gateways");
  await expect(gatewayRow(page, "files")).toContainText("1 rule, otherwise nobody");
  await chooseFor(page, "files", "Edit…");
  const form = dialog(page, "Edit the gateway");
  await expect(form.getByRole("group", { name: "Rule 1", exact: true }).getByLabel("Path")).toHaveValue("/v1/**");
  await form.getByRole("group", { name: "Rule 1", exact: true }).getByLabel("Who passes").selectOption("delete");
  await form.getByRole("group", { name: "Rule 2", exact: true }).getByLabel("Path").fill("/open");
  await form.getByRole("group", { name: "Rule 2", exact: true }).getByLabel("Who passes").selectOption("open");
  await form.getByLabel("X-Key-Name").uncheck();
  await form.getByRole("button", { name: "Save changes" }).click();

  await expect(gatewayRow(page, "files")).toContainText("2 rules, otherwise nobody");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await rest.asProxy(id, key, "/v1/x")).toEqual([403, "insufficient_permissions"]);
  expect(await rest.asProxy(id, undefined, "/open")).toEqual([200, "allowed"]);
  await page.getByRole("link", { name: "files", exact: true }).click();
  await expect(page.getByRole("region", { name: "Identity headers" })).toContainText("Turned off. Always empty.");
  await expect(page.getByRole("list", { name: "History of the gateway" })).toContainText("Gateway");
});

test("after a gateway is removed, its proxies are refused", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const id = await rest.createGateway({ name: "short-lived" });
  const { key } = await rest.createKey({ name: "caller" });
  await openAs(admin, "/gateways");
  await chooseFor(page, "short-lived", "Remove…");
  const panel = dialog(page, "Remove the gateway");
  await expect(panel).toContainText("“short-lived” cannot be restored");
  await panel.getByRole("button", { name: "Remove for good" }).click();
  await expect(page.getByRole("heading", { name: "No gateways yet" })).toBeVisible();
  expect(await rest.asProxy(id, key)).toEqual([403, "unknown_gateway"]);
});

test("only admins see gateways", async ({ page, openAs, organization, watch }) => {
  const viewer = await organization.person("viewer");
  const id = await organization.rest.createGateway({ name: "hidden" });
  await openAs(viewer, "/connect?for=nginx");
  await expect(page.getByRole("heading", { name: "Only admins see gateways" })).toBeVisible();
  const navigation = page.getByRole("navigation", { name: "Console" });
  await expect(navigation.getByRole("link", { name: "Connect" })).toHaveCount(1);
  await expect(navigation.getByRole("link", { name: "Gateways" })).toHaveCount(0);
  watch.allowStatus(403);
  for (const path of ["/gateways", `/gateways/${id}`, "/gateways?do=create"]) {
    expect((await page.goto(path))?.status()).toBe(403);
    await expect(page.getByRole("heading", { name: "Only admins see gateways" })).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText("hidden");
  }
});

test("the address selects the snippet, which contains the address of this server", async ({
  page,
  openAs,
  organization,
  server,
}) => {
  await openAs(organization.admin, "/connect");
  const tabs = page.getByRole("navigation", { name: "Connect with" });
  await expect(tabs.getByRole("link", { name: "curl" })).toHaveAttribute("aria-current", "page");
  await expect(page.locator("#snippet")).toContainText(`${server.address}/v1/keys/verify`);
  for (const name of ["JavaScript", "Python", "Go"]) {
    await tabs.getByRole("link", { name, exact: true }).click();
    await expect(tabs.getByRole("link", { name, exact: true })).toHaveAttribute("aria-current", "page");
    await expect(page.locator("#snippet")).toContainText(`${server.address}/v1/keys/verify`);
    await expect(page).toHaveURL(new RegExp(`for=${name.toLowerCase()}`));
  }
  await tabs.getByRole("link", { name: "nginx" }).click();
  await expect(page.getByRole("heading", { name: "A proxy needs a gateway" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Create gateway" }).click();
  await expect(dialog(page, "Create a gateway")).toBeVisible();
});

test("an empty key list has a link to Connect", async ({ page, openAs, organization }) => {
  await openAs(await organization.person("member"), "/keys");
  await page.getByRole("link", { name: "Connect a service" }).click();
  await expect(heading(page, "Connect")).toBeVisible();
});
