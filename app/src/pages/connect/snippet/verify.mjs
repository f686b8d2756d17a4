// Asks whether a key that a client has sent may read: { valid, code, key_id, name, owner, … }.
// Throws if Keystead gives no verdict. Then refuse the request.
export async function verifyKey(key, ip) {
  const answer = await fetch("@SERVER@/v1/keys/verify", {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env.KEYSTEAD_KEY}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ key, permissions: ["read"], ip }),
    signal: AbortSignal.timeout(2000),
  });
  if (!answer.ok) {
    throw new Error(`Keystead answered ${answer.status}`);
  }
  return answer.json();
}
