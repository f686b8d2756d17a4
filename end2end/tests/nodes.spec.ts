import { Organization } from "../support/organization.ts";
import { heading } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

test("the admin of the only organization sees the nodes in the settings, until there is a second one", async ({
  context,
  freshServer,
  open,
  page,
}) => {
  const { admin } = await Organization.of(freshServer);
  await admin.enter(context);
  await open(`${freshServer.address}/settings`);
  const nodes = page.getByRole("region", { name: "Nodes" });
  const row = nodes.getByRole("row").nth(1);
  await expect(row).toContainText("This one");
  await expect(row).toContainText("Answering");
  await expect(row).toContainText("All applied");
  await expect(nodes.getByRole("row")).toHaveCount(2);

  await Organization.of(freshServer);
  await open(`${freshServer.address}/settings`);
  await expect(heading(page, "Settings")).toBeVisible();
  await expect(page.getByRole("region", { name: "Keys" })).toBeVisible();
  await expect(nodes).toHaveCount(0);
});

test("a member does not see the nodes", async ({ context, freshServer, open, page }) => {
  const organization = await Organization.of(freshServer);
  const member = await organization.person("member");
  await member.enter(context);
  await open(`${freshServer.address}/settings`);
  await expect(heading(page, "Settings")).toBeVisible();
  await expect(page.getByRole("region", { name: "Keys" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Nodes" })).toHaveCount(0);
});
