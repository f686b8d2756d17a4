// When a page answers to clicks: loads it in headless Chromium with an empty cache and a processor four times slower, and
// prints, as JSON, the milliseconds from navigation to the first answered click and to the first painted content, each the
// median of some loads.
//
//   node interactive.mjs ADDRESS
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const LOADS = 7;
const SLOWER = 4;
// What people wait for: the page's own script has run to its end and a click changes something.
const BUTTON = "button[aria-pressed]";

const found = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROMIUM ?? found.find((path) => existsSync(path));
if (!executablePath) {
	console.error("Chromium is missing");
	process.exit(1);
}
const browser = await chromium.launch({
	executablePath,
	args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

async function load(address) {
	const context = await browser.newContext();
	const page = await context.newPage();
	const devtools = await context.newCDPSession(page);
	await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
	// In the page itself, or the driver's own messages would be part of the time.
	await page.addInitScript((button) => {
		let clicked;
		const click = () => {
			// The page answers a click a moment after it.
			if (clicked?.ariaPressed === "true") {
				window.answered = performance.now();
				return;
			}
			clicked = [...document.querySelectorAll(button)].find((element) => element.ariaPressed === "false");
			clicked?.click();
			setTimeout(click, 5);
		};
		setTimeout(click, 0);
	}, BUTTON);
	await page.goto(address);
	await page.waitForFunction(() => window.answered, null, { timeout: 20_000 });
	const times = await page.evaluate(() => ({
		interactive: window.answered,
		painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
	}));
	await context.close();
	return times;
}

function median(values) {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

try {
	const loads = [];
	for (let turn = 0; turn <= LOADS; turn++) loads.push(await load(process.argv[2]));
	// The first one also starts parts of the browser.
	loads.shift();
	console.log(
		JSON.stringify({
			interactive: median(loads.map((load) => load.interactive)),
			painted: median(loads.map((load) => load.painted)),
		}),
	);
} catch (error) {
	console.error(String(error.message).split("\n")[0]);
	process.exitCode = 1;
} finally {
	await browser.close();
}
