/** Starts and stops the real binary, with a data folder of its own. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const READY_WITHIN_MS = 15_000;

/** What `keystead bootstrap` prints. */
export interface Bootstrapped {
  organization_id: string;
  internal_id: string;
  user_id: string;
  user_email: string;
  admin_key: string;
}

export class Server {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly lines: string[],
    /** The address that the server printed: the setup link if it has no organization yet, otherwise the console. */
    readonly link: string,
  ) {}

  /** Starts a server without any organization, on a free port. */
  static async start(): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "keystead-"));
    const data = join(folder, "data");
    const process = spawn(
      binary(),
      ["serve", "--data-dir", data, "--listen", "127.0.0.1:0", "--log", "warn"],
      {
        env: environment(),
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const lines: string[] = [];
    createInterface(process.stderr!).on("line", (line) => lines.push(line));
    const link = await address(process, lines);
    return new Server(process, folder, lines, link);
  }

  /** The scheme, host and port, without a slash at the end. */
  get address(): string {
    return new URL(this.link).origin;
  }

  /** The lines written to standard error since the last call. The log level allows only warnings and errors. */
  takeLog(): string[] {
    return this.lines.splice(0);
  }

  /** Creates an organization with the command line, while the server runs. */
  async bootstrap(
    organization: string,
    email: string,
    userName: string,
    password: string,
  ): Promise<Bootstrapped> {
    const file = join(this.folder, `password-${Math.random()}`);
    await writeFile(file, `${password}\n`, { mode: 0o600 });
    const words = ["bootstrap", "--organization", organization, "--email", email];
    // The tests of a worker share one server, and some names are given.
    const out = await this.run(...words, "--user-name", userName, "--password-file", file, "--allow-same-name");
    return JSON.parse(out) as Bootstrapped;
  }

  /** Creates a link for choosing a new password, with the operator's command line. */
  async resetPassword(email: string): Promise<string> {
    const out = await this.run("user", "reset-password", "--email", email, "--public-url", this.address);
    return (JSON.parse(out) as { sign_in_url: string }).sign_in_url;
  }

  /** Runs another `keystead` command with the same data folder. */
  async run(...words: string[]): Promise<string> {
    const all = [...words, "--data-dir", join(this.folder, "data")];
    const { stdout } = await promisify(execFile)(binary(), all, { env: environment() });
    return stdout;
  }

  /** Stops the server and removes its data folder. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, "exit");
      this.process.kill("SIGTERM");
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

function binary(): string {
  const file = resolve(process.env.KEYSTEAD_BIN ?? "../target/release/keystead");
  if (!existsSync(file)) {
    throw new Error(
      `There is no binary at ${file}. Build it with \`make build\`, or name another in KEYSTEAD_BIN.`,
    );
  }
  return file;
}

/** The environment without `KEYSTEAD_` settings, so that those of the developer do not affect the tests. */
function environment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith("KEYSTEAD_"));
  return Object.fromEntries(ours);
}

async function address(process: ChildProcess, log: string[]): Promise<string> {
  const out = createInterface(process.stdout!);
  const printed = new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The server ${why}.\n${log.join("\n")}`));
    const timer = setTimeout(() => {
      process.kill("SIGKILL");
      fail("did not print its address in time");
    }, READY_WITHIN_MS);
    out.on("line", (line) => {
      const found = /https?:\/\/\S+/.exec(line);
      if (found) {
        clearTimeout(timer);
        resolve(found[0]);
      }
    });
    process.on("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
  return printed;
}
