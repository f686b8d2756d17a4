/** A client for the REST API that authenticates with a key. */

export interface Key {
  key_id: string;
  key_prefix: string;
  name: string;
  description: string;
  permissions: string[];
  scopes: { resource_type: string; resource_id: string; operations?: string[] | null }[];
  rate_limit_override: number | null;
  status: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

/** A response, with its parsed body. */
export interface Answer<T> {
  status: number;
  body: T;
}

/** The body of a response with status 422. */
export interface Refusal {
  detail: { loc: (string | number)[]; msg: string; type: string }[];
}

export class Rest {
  constructor(
    private readonly address: string,
    readonly secret: string,
    readonly email: string,
  ) {}

  /** The same client with another key. */
  with(secret: string, email = this.email): Rest {
    return new Rest(this.address, secret, email);
  }

  /** Whether a secret is accepted now. The check lists the owner's keys, which every key may do. */
  async accepts(secret: string, email = this.email): Promise<boolean> {
    const { status } = await this.with(secret, email).send("GET", keysOf(email));
    if (status !== 200 && status !== 401) {
      throw new Error(`A key was answered with ${status}.`);
    }
    return status === 200;
  }

  /** Creates a key. The result includes the secret. */
  async createKey(draft: object, email = this.email): Promise<Key & { key: string }> {
    return expectOk(await this.send<Key & { key: string }>("POST", keysOf(email), draft));
  }

  /** The messages with which the API refuses a draft that breaks rules. */
  async refusalOf(draft: object): Promise<string[]> {
    const { status, body } = await this.send<Refusal>("POST", keysOf(this.email), draft);
    if (status !== 422) {
      throw new Error(`The draft was answered with ${status}.`);
    }
    return body.detail.map((one) => one.msg);
  }

  async updateKey(name: string, patch: object): Promise<Key> {
    return expectOk(
      await this.send<Key>("PATCH", `${keysOf(this.email)}/${encodeURIComponent(name)}`, patch),
    );
  }

  async revokeKey(name: string, email = this.email): Promise<void> {
    expectOk(await this.send("DELETE", `${keysOf(email)}/${encodeURIComponent(name)}`));
  }

  /** The user's key with this name, even if it is revoked. */
  async key(name: string, email = this.email): Promise<Key> {
    const { results } = expectOk(
      await this.send<{ results: Key[] }>("GET", `${keysOf(email)}?include_revoked=true`),
    );
    const found = results.find((key) => key.name === name);
    if (found === undefined) {
      throw new Error(`There is no key ${name}.`);
    }
    return found;
  }

  async addUser(draft: object): Promise<{ user_id: string }> {
    return expectOk(await this.send<{ user_id: string }>("POST", "/v1/organizations/users", draft));
  }

  async createServiceAccount(name: string, permissions: string[] = [], description = ""): Promise<{ id: string }> {
    return this.data("POST", "/v1/service-accounts", { name, permissions, description });
  }

  async updateServiceAccount(id: string, name: string, permissions: string[]): Promise<void> {
    await this.data("PATCH", `/v1/service-accounts/${id}`, { name, permissions });
  }

  async disableServiceAccount(id: string): Promise<void> {
    await this.data("DELETE", `/v1/service-accounts/${id}`);
  }

  /** Creates a key of a service account. The result includes the secret. */
  async createServiceAccountKey(serviceAccountId: string, name: string): Promise<{ id: string; key: string }> {
    return this.data("POST", "/v1/api-keys", { name, serviceAccountId, scope: "read-write" });
  }

  /** Creates a gateway and returns its id. */
  async createGateway(draft: object): Promise<string> {
    return expectOk(await this.send<{ gateway_id: string }>("POST", "/v1/gateways", draft)).gateway_id;
  }

  /** Asks a gateway, as nginx does, about a request with or without a secret. Returns the status and the decision. */
  async asProxy(gatewayId: string, secret?: string, path = "/"): Promise<[number, string | null]> {
    const answer = await fetch(`${this.address}/auth/${gatewayId}/nginx`, {
      headers: {
        "x-original-method": "GET",
        "x-original-uri": path,
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      },
    });
    return [answer.status, answer.headers.get("x-key-decision")];
  }

  /** Whether a secret is accepted now. Works for keys of any owner. */
  async opens(secret: string): Promise<boolean> {
    const { status } = await this.with(secret).send("GET", "/v1/me");
    if (status !== 200 && status !== 401) {
      throw new Error(`A key was answered with ${status}.`);
    }
    return status === 200;
  }

  /** Sends a request to an operation whose response wraps its result in `data`, and returns the result. */
  private async data<T>(method: string, path: string, body?: object): Promise<T> {
    return expectOk(await this.send<{ data: T }>(method, path, body)).data;
  }

  async send<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const answer = await fetch(this.address + path, {
      method,
      headers: {
        authorization: `Bearer ${this.secret}`,
        "user-agent": "journeys/1.0",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as T };
  }
}

function keysOf(email: string): string {
  return `/v1/organizations/users/${encodeURIComponent(email)}/api-keys`;
}

function expectOk<T>(answer: Answer<T>): T {
  if (answer.status !== 200) {
    throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}
