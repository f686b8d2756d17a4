import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { BEHIND, chooseFor, dialog, errorOf, gatewayRow, heading } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("the first request of a proxy appears by itself, and so does the refusal after the key is revoked", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  const { rest, admin } = organization;
  await openAs(admin, "/gateways?do=create");
  const form = dialog(page, "Create a gateway");
  await form.getByLabel("Name", { exact: true }).fill("Public API");
  await form.getByRole("button", { name: "Create gateway" }).click();
  await expect(heading(page, "Public API")).toBeVisible();
  const requests = page.getByRole("region", { name: "Requests" });
  await expect(requests.getByRole("status")).toContainText("Waiting for the first request…");
  const snippet = await page.locator("#configuration").innerText();
  const id = /\/auth\/(gw_\w+)\/nginx/.exec(snippet)![1];

  expect(await rest.asProxy(id)).toEqual([401, "no_key"]);
  await expect(requests.getByRole("status")).toContainText("but it had no key", BEHIND);
  const { key } = await rest.createKey({ name: "caller" });
  expect(await rest.asProxy(id, key)).toEqual([200, "allowed"]);
  await expect(requests.getByRole("status")).toContainText(
    /First request seen at .+ UTC, with key caller, from address 127\.0\.0\.1\./,
    BEHIND,
  );
  await rest.revokeKey("caller");
  expect(await rest.asProxy(id, key)).toEqual([401, "invalid_key"]);
  await expect(requests).toContainText("not a valid key of this organization", BEHIND);
  await expect(requests.getByRole("status")).toContainText("with key caller");

  await page.getByRole("link", { name: "Remove", exact: true }).click();
  const panel = dialog(page, "Remove the gateway");
  await panel.getByLabel("Type “Public API” to confirm").fill("Public API");
  // The page asks for the activity of the gateway every two seconds, and may do so after the removal.
  watch.allowStatus(404);
  await panel.getByRole("button", { name: "Remove for good" }).click();
  await expect(page.getByRole("heading", { name: "No gateways yet" })).toBeVisible();
  expect(await rest.asProxy(id)).toEqual([403, "unknown_gateway"]);
});

test("the snippets for code verify a key, and Connect shows the request by itself", async ({
  page,
  openAs,
  organization,
}) => {
  const { rest, admin } = organization;
  const { key } = await rest.createKey({ name: "customer" });
  const env = { ...process.env, KEYSTEAD_KEY: rest.secret, KEY: key };
  await openAs(admin, "/connect?for=curl");
  const curl = await page.locator("#snippet").innerText();
  const ran = await promisify(execFile)("bash", ["-c", curl], { env });
  expect(JSON.parse(ran.stdout)).toMatchObject({ valid: true, name: "customer" });
  const said = page.getByRole("region", { name: "Requests" }).getByRole("status");
  await expect(said).toContainText(/with key customer, from address 203\.0\.113\.7\./, BEHIND);

  const tabs = page.getByRole("navigation", { name: "Connect with" });
  await tabs.getByRole("link", { name: "JavaScript" }).click();
  await expect(page.locator("#snippet")).toContainText("verifyKey");
  const code = await page.locator("#snippet").innerText();
  // The snippet waits for two seconds. That suits a service, but can be too short while another test runs.
  const patient = code.replace("timeout(2000)", "timeout(20000)");
  expect(patient).not.toBe(code);
  const call = `${patient}\nconsole.log(JSON.stringify(await verifyKey(process.env.KEY)));`;
  const answer = await promisify(execFile)("node", ["--input-type=module", "-e", call], { env });
  expect(JSON.parse(answer.stdout)).toMatchObject({ valid: true, code: "VALID" });
  await rest.revokeKey("customer");
  const refused = await promisify(execFile)("node", ["--input-type=module", "-e", call], { env });
  expect(JSON.parse(refused.stdout)).toMatchObject({ valid: false });
});

test("Connect waits for the first request of the chosen gateway", async ({ page, openAs, organization }) => {
  const { rest, admin } = organization;
  const [first, second] = [await rest.createGateway({ name: "a" }), await rest.createGateway({ name: "b" })];
  const { key } = await rest.createKey({ name: "caller" });
  await openAs(admin, "/connect?for=nginx");
  await expect(page.locator("#configuration")).toContainText(first);
  await page.getByLabel("Gateway", { exact: true }).selectOption({ label: "b" });
  await expect(page.locator("#configuration")).toContainText(second);
  await expect(page).toHaveURL(new RegExp(`gateway=${second}`));
  const said = page.getByRole("region", { name: "Requests" }).getByRole("status");
  await expect(said).toContainText("Waiting for the first request…");
  await rest.asProxy(second, key);
  await expect(said).toContainText("with key caller", BEHIND);

  await page.getByLabel("Address of your API").fill("http://10.1.2.3:99");
  await expect(page.locator("#configuration")).toContainText("10.1.2.3:99");
  await page.getByLabel("Address of your API").fill("http://10.1.2.3:99/path");
  expect(await errorOf(page.getByLabel("Address of your API"))).toBe(
    "Use an address such as https://keys.example.com:8443.",
  );
  await expect(page.locator("#configuration")).toContainText("10.1.2.3:99");
  await page.getByLabel("Address of your API").fill("http://10.1.2.3:99");
  await page.getByRole("link", { name: "Caddy" }).click();
  await expect(page.locator("#configuration")).toContainText("reverse_proxy http://10.1.2.3:99");
});

test("rules can be added, moved and removed, and an error is shown beside its field", async ({
  page,
  openAs,
  organization,
}) => {
  const { rest, admin } = organization;
  await openAs(admin, "/gateways?do=create");
  const form = dialog(page, "Create a gateway");
  const rule = (number: number) => form.getByRole("group", { name: `Rule ${number}`, exact: true });
  await form.getByLabel("Name", { exact: true }).fill("moved");
  await rule(1).getByLabel("Path").fill("/v1/**");
  await form.getByRole("button", { name: "Add a rule" }).click();
  await expect(rule(2).getByLabel("Path")).toBeFocused();
  await form.getByRole("button", { name: "Add a rule" }).click();
  await rule(3).getByLabel("Path").fill("healthz");
  await rule(3).getByLabel("Who passes").selectOption("open");
  await form.getByRole("button", { name: "Create gateway" }).click();
  expect(await errorOf(rule(3).getByLabel("Path"))).toBe("Begin with a slash, as in /v1/things.");
  await expect(rule(3).getByLabel("Path")).toBeFocused();
  await rule(3).getByLabel("Path").fill("/healthz");
  await expect(rule(3).getByLabel("Path")).not.toHaveAttribute("aria-invalid");
  await form.getByRole("button", { name: "Move rule 3 up" }).click();
  await form.getByRole("button", { name: "Move rule 2 up" }).click();
  await expect(rule(1).getByLabel("Path")).toHaveValue("/healthz");
  await form.getByRole("button", { name: "Remove rule 3" }).click();
  await expect(rule(3)).toHaveCount(0);
  await form.getByRole("button", { name: "Create gateway" }).click();

  await expect(heading(page, "moved")).toBeVisible();
  const rows = page.getByRole("table", { name: "Rules" }).locator("tbody").getByRole("row");
  await expect(rows.nth(0)).toContainText("/healthz");
  await expect(rows.nth(1)).toContainText("/v1/**");
  const id = page.url().split("/").pop()!.split("?")[0];
  expect(await rest.asProxy(id, undefined, "/healthz")).toEqual([200, "allowed"]);
  expect(await rest.asProxy(id, undefined, "/v1/x")).toEqual([401, "no_key"]);
});

test("an edit of a gateway that someone else has changed is refused", async ({
  page,
  openAs,
  organization,
  watch,
}) => {
  const { rest, admin } = organization;
  const id = await rest.createGateway({ name: "shared" });
  await openAs(admin, "/gateways");
  await chooseFor(page, "shared", "Edit…");
  const form = dialog(page, "Edit the gateway");
  await form.getByLabel("Key header").fill("X-Mine");
  await rest.send("PATCH", `/v1/gateways/${id}`, { name: "theirs" });
  watch.allowStatus(409);
  await form.getByRole("button", { name: "Save changes" }).click();
  await expect(form.getByRole("alert")).toContainText("Someone else has changed this gateway");
  await form.getByRole("button", { name: "Show the current version" }).click();
  await expect(form).toBeHidden();
  await expect(gatewayRow(page, "theirs")).toContainText("Authorization");
});

test("a gateway in use is removed only after its name is typed, by keyboard alone", async ({
  page,
  openAs,
  organization,
}) => {
  const { rest, admin } = organization;
  const id = await rest.createGateway({ name: "busy" });
  const { key } = await rest.createKey({ name: "caller" });
  await rest.asProxy(id, key);
  await openAs(admin, "/gateways");
  await expect(async () => {
    await page.reload();
    await expect(gatewayRow(page, "busy")).not.toContainText("None so far", { timeout: 500 });
  }).toPass();
  await openAs(admin, "/gateways");
  await page.getByRole("button", { name: "Actions for busy" }).press("Enter");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  const panel = dialog(page, "Remove the gateway");
  await expect(panel.getByLabel("Type “busy” to confirm")).toBeFocused();
  await page.keyboard.type("bus");
  await page.keyboard.press("Enter");
  expect(await errorOf(panel.getByLabel("Type “busy” to confirm"))).toBe(
    "Type the name exactly as shown above.",
  );
  expect(await rest.asProxy(id, key)).toEqual([200, "allowed"]);
  await page.keyboard.type("y");
  await page.keyboard.press("Enter");
  await expect(page.getByText("“busy” was removed. Proxies that use it now refuse every request.")).toBeVisible();
  expect(await rest.asProxy(id, key)).toEqual([403, "unknown_gateway"]);
});
