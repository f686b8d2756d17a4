/** Calls the server functions of the console as its pages do, to prepare what a test needs. */

import type { Server } from "./server.ts";

/** Calls a server function with a form or a JSON body. Throws if the server refuses it. */
export async function call(
  server: Server,
  endpoint: string,
  body: URLSearchParams | object,
  session?: string,
): Promise<Response> {
  const isForm = body instanceof URLSearchParams;
  const answer = await fetch(`${server.address}/console/api/${endpoint}`, {
    method: "POST",
    redirect: "manual",
    headers: {
      accept: "application/json",
      origin: server.address,
      "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
      ...(session === undefined ? {} : { cookie: session }),
    },
    body: isForm ? body : JSON.stringify(body),
  });
  if (answer.status >= 400) {
    throw new Error(`${endpoint}: ${answer.status} ${await answer.text()}`);
  }
  return answer;
}

/** The session cookie that a response sets, as the value of a `Cookie` header. */
export function cookieOf(answer: Response): string {
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith("__Host-keystead="));
  if (cookie === undefined) {
    throw new Error(`No session came with the answer: ${answer.status}`);
  }
  return cookie.split(";")[0];
}
