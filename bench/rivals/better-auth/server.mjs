// better-auth with its API-key plugin, served by Node alone, on a SQLite database that is as durable as Keystead's: WAL
// and synchronous=FULL. Everything that would slow it down and can be switched off is off: rate limits, logs and
// telemetry. The session is read from its signed cookie instead of the database.
//
//   node server.mjs FOLDER
//
// Prints one line of JSON when it is ready: its address, and the cookie of a signed-in user.
import { createServer } from "node:http";
import { join } from "node:path";
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";

const database = new Database(join(process.argv[2], "better-auth.db"));
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}`;

const auth = betterAuth({
	baseURL: address,
	secret: "a secret for the benchmark and nothing else",
	database,
	emailAndPassword: { enabled: true },
	session: { cookieCache: { enabled: true, maxAge: 3600 } },
	rateLimit: { enabled: false },
	logger: { disabled: true },
	telemetry: { enabled: false },
	plugins: [apiKey({ rateLimit: { enabled: false } })],
});
await (await getMigrations(auth.options)).runMigrations();
const handle = toNodeHandler(auth);
server.on("request", (request, response) => (request.url === "/verify" ? verify(request, response) : handle(request, response)));

// Verifies by a call in the same process, as an application would call the plugin.
async function verify(request, response) {
	let text = "";
	for await (const part of request) text += part;
	const { valid, error, key } = await auth.api.verifyApiKey({ body: { key: JSON.parse(text).key } });
	const body = JSON.stringify({ valid, code: error?.code ?? "VALID", key_id: key?.id, name: key?.name });
	response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
	response.end(body);
}

const answer = await fetch(`${address}/api/auth/sign-up/email`, {
	method: "POST",
	headers: { "content-type": "application/json", origin: address },
	body: JSON.stringify({ name: "Ada", email: "ada@example.com", password: "correct horse battery" }),
});
if (!answer.ok) throw new Error(`signing up: ${answer.status} ${await answer.text()}`);
const cookie = answer.headers
	.getSetCookie()
	.map((cookie) => cookie.split(";")[0])
	.join("; ");
console.log(JSON.stringify({ address, cookie }));
