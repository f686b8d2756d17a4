/** An organization of a test's own, its people and its keys. */

import type { BrowserContext } from "@playwright/test";

import { call, cookieOf } from "./console.ts";
import { Rest } from "./rest.ts";
import type { Bootstrapped, Server } from "./server.ts";

export type Role = "admin" | "member" | "viewer";

export const PASSWORD = "correct horse battery";

let number = 0;

/** A word that no other test uses. */
export function unique(word: string): string {
  number += 1;
  return `${word}-${process.pid}-${number}`;
}

/** Somebody who can sign in. */
export class Person {
  private constructor(
    private readonly server: Server,
    readonly name: string,
    readonly email: string,
    readonly password: string,
    readonly id: string,
  ) {}

  static of(server: Server, name: string, email: string, password: string, id: string): Person {
    return new Person(server, name, email, password, id);
  }

  /** Signs them in, as the sign-in page would. */
  async session(): Promise<string> {
    const form = new URLSearchParams({ email: this.email, password: this.password });
    return cookieOf(await call(this.server, "session/sign_in", form));
  }

  /** Signs them in in a browser. */
  async enter(context: BrowserContext): Promise<void> {
    await keepSession(context, await this.session());
  }
}

/** Gives a browser a session. */
export async function keepSession(context: BrowserContext, session: string): Promise<void> {
  const [name, value] = split(session);
  await context.addCookies([
    { name, value, domain: "127.0.0.1", path: "/", secure: true, httpOnly: true, sameSite: "Lax" },
  ]);
}

export class Organization {
  private constructor(
    readonly server: Server,
    readonly name: string,
    readonly ids: Bootstrapped,
    readonly admin: Person,
    /** The REST API with the organization's admin key. */
    readonly rest: Rest,
  ) {}

  /** Makes one beside the running server. */
  static async of(
    server: Server,
    name = unique("Hawthorn"),
    userName = "Ada Lovelace",
  ): Promise<Organization> {
    const email = `${unique("ada")}@example.com`;
    return Organization.with(server, name, userName, email);
  }

  /** Makes one whose first admin has this address. */
  static async with(server: Server, name: string, userName: string, email: string): Promise<Organization> {
    const ids = await server.bootstrap(name, email, userName, PASSWORD);
    const admin = Person.of(server, userName, email, PASSWORD, ids.user_id);
    return new Organization(server, name, ids, admin, new Rest(server.address, ids.admin_key, email));
  }

  /** Adds a member who has joined the console. */
  async person(role: Role, name = unique(role)): Promise<Person> {
    const { email, id } = await this.invited(role, name);
    const link = await this.invitation(id);
    const token = new URL(link).searchParams.get("token") ?? "";
    const joined = await call(
      this.server,
      "invitation/accept",
      new URLSearchParams({ token, password: PASSWORD }),
    );
    cookieOf(joined);
    return Person.of(this.server, name, email, PASSWORD, id);
  }

  /** Adds a member who cannot sign in yet. */
  async invited(role: Role, name = unique(role)): Promise<{ email: string; id: string; name: string }> {
    const email = `${unique("member")}@example.com`;
    const user = await this.rest.addUser({ email, user_name: name, role });
    return { email, id: user.user_id, name };
  }

  /** Makes an invitation link for a member. */
  async invitation(userId: string): Promise<string> {
    const answer = await call(
      this.server,
      "invitation/create",
      { user_id: userId },
      await this.admin.session(),
    );
    const { path } = (await answer.json()) as { path: string };
    return this.server.address + path;
  }
}

function split(cookie: string): [string, string] {
  const at = cookie.indexOf("=");
  return [cookie.slice(0, at), cookie.slice(at + 1)];
}
