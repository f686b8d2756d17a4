// Measures how long a page takes in a browser. Loads it in headless Chromium with an empty cache and a processor that
// is throttled to a quarter of its speed. Prints one line of JSON for each page: the milliseconds from navigation to
// the first answered click and to the first painted content, each the median of several loads, and the scripts and
// WebAssembly files that were loaded by then.
//
//   node interactive.mjs ORIGIN EMAIL PASSWORD
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const LOADS = 7;
const SLOWER = 4;
// Buttons whose own markup shows at once that a click was handled.
const BUTTON = "button[aria-pressed=false]";

const [origin, email, password] = process.argv.slice(2);
const known = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROMIUM ?? known.find((path) => existsSync(path));
if (!executablePath) {
	console.error("Chromium is missing");
	process.exit(1);
}
const browser = await chromium.launch({
	executablePath,
	args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

async function signIn() {
	const context = await browser.newContext();
	const page = await context.newPage();
	await page.goto(`${origin}/login`);
	await page.fill("input[name=email]", email);
	await page.fill("input[name=password]", password);
	await page.click("button[type=submit]");
	await page.waitForURL(`${origin}/keys`);
	const state = await context.storageState();
	await context.close();
	return state;
}

async function load(path, storageState) {
	const context = await browser.newContext({ storageState });
	const page = await context.newPage();
	const devtools = await context.newCDPSession(page);
	await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
	// Runs in the page itself, because otherwise the messages of the driver would be part of the time.
	await page.addInitScript((button) => {
		let clicked;
		const click = () => {
			// The page handles a click shortly after it.
			if (clicked?.ariaPressed === "true") {
				window.answered = performance.now();
				return;
			}
			clicked = document.querySelector(button);
			clicked?.click();
			setTimeout(click, 5);
		};
		setTimeout(click, 0);
	}, BUTTON);
	await page.goto(`${origin}${path}`);
	await page.waitForFunction(() => window.answered, null, { timeout: 20_000 });
	const told = await page.evaluate(() => ({
		interactive: window.answered,
		painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
		files: performance
			.getEntriesByType("resource")
			.filter((entry) => entry.startTime < window.answered)
			.map((entry) => new URL(entry.name).pathname)
			.filter((path) => path.endsWith(".js") || path.endsWith(".wasm")),
	}));
	await context.close();
	return told;
}

function median(values) {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

try {
	const signedIn = await signIn();
	for (const [path, state] of [
		["/login", undefined],
		["/keys", signedIn],
	]) {
		// The first load also starts parts of the browser, so it is not counted.
		await load(path, state);
		const loads = [];
		for (let turn = 0; turn < LOADS; turn++) loads.push(await load(path, state));
		const [interactive, painted] = [loads.map((load) => load.interactive), loads.map((load) => load.painted)];
		const files = [...new Set(loads[0].files)];
		console.log(JSON.stringify({ path, interactive: median(interactive), painted: median(painted), files }));
	}
} catch (error) {
	console.error(String(error.message).split("\n")[0]);
	process.exitCode = 1;
} finally {
	await browser.close();
}
