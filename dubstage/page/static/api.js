/** Requests to this page's own server. Each fails with the server's one line, and its status. */

async function answer(response) {
  const said = await response.json().catch(() => ({error: response.statusText}));
  if (!response.ok) throw Object.assign(new Error(said.error ?? response.statusText), {status: response.status});
  return said;
}

/** @param {string} path @param {Record<string, string|number|string[]>} params */
export function address(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== "" && one !== null && one !== undefined) query.append(name, one);
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export async function get(path, params, signal) {
  return answer(await fetch(address(path, params), {signal}));
}

export async function send(method, path, body) {
  const raw = body instanceof Blob;
  return answer(await fetch(path, {
    method,
    headers: {"X-Dubstage": "1", "Content-Type": raw ? "application/octet-stream" : "application/json"},
    body: raw ? body : JSON.stringify(body),
  }));
}
