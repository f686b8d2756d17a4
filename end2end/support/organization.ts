/** Creates an organization for a test, with people and keys. */

import type { BrowserContext } from "@playwright/test";

import { call, cookieOf } from "./console.ts";
import { Rest } from "./rest.ts";
import type { Bootstrapped, Server } from "./server.ts";

export type Role = "admin" | "member" | "viewer";

export const PASSWORD = "correct horse battery";

let number = 0;

/** Makes a word unique, so that tests on the same server do not collide. */
export function unique(word: string): string {
  number += 1;
  return `${word}-${process.pid}-${number}`;
}

/** A person who can sign in. */
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

  /** Signs the person in as the sign-in page does. Returns the session as a `Cookie` header. */
  async session(): Promise<string> {
    const form = new URLSearchParams({ email: this.email, password: this.password });
    return cookieOf(await call(this.server, "session/sign_in", form));
  }

  /** Signs the person in, in a browser. */
  async enter(context: BrowserContext): Promise<void> {
    await keepSession(context, await this.session());
  }
}

/** Sets a session cookie in a browser. */
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
    /** The REST API, with the organization's admin key. */
    readonly rest: Rest,
  ) {}

  /** Creates an organization on the running server. */
  static async of(
    server: Server,
    name = unique("Hawthorn"),
    userName = "Ada Lovelace",
  ): Promise<Organization> {
    const email = `${unique("ada")}@example.com`;
    return Organization.with(server, name, userName, email);
  }

  /** Creates an organization whose first admin has this e-mail address. */
  static async with(server: Server, name: string, userName: string, email: string): Promise<Organization> {
    const ids = await server.bootstrap(name, email, userName, PASSWORD);
    const admin = Person.of(server, userName, email, PASSWORD, ids.user_id);
    return new Organization(server, name, ids, admin, new Rest(server.address, ids.admin_key, email));
  }

  /** Adds a member who has accepted the invitation and can sign in. */
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

  /** Creates an invitation link for a member. */
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
