/** Requests to our own server. A refusal becomes an ApiError whose message is for the user. */

export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** "/api/search?like=1&like=2": lists repeat, null and undefined are left out. */
export function address(path, params = {}) {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null && each !== undefined) asked.append(name, each);
    }
  }
  const text = asked.toString();
  const base = path.startsWith("/") ? path : `/api/${path}`;
  return text ? `${base}?${text}` : base;
}

async function request(method, path, { params, body, signal } = {}) {
  const headers = { "X-Dubstage": "page" };
  let sent = body;
  if (body !== undefined && !(body instanceof Blob) && !(body instanceof ArrayBuffer)) {
    headers["Content-Type"] = "application/json";
    sent = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(address(path, params), { method, headers, body: sent, signal });
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw new ApiError("the server does not answer; is dubstage serve still running?", 0);
  }
  const text = await answer.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    throw new ApiError(`the server answered ${answer.status} without sense`, answer.status);
  }
  if (!answer.ok) {
    throw new ApiError(value?.error ?? `the server answered ${answer.status}`, answer.status);
  }
  return value;
}

export const get = (path, params, options = {}) => request("GET", path, { params, ...options });
export const post = (path, body = {}, options = {}) => request("POST", path, { body, ...options });
export const put = (path, body = {}, options = {}) => request("PUT", path, { body, ...options });
export const del = (path, options = {}) => request("DELETE", path, options);

/** Server-sent events: handlers by event name, each given the event's JSON; the answer stops. */
export function events(path, handlers) {
  const source = new EventSource(address(path));
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => {
      if (event.data === undefined) handler(null); // the connection's own "error"
      else handler(JSON.parse(event.data));
    });
  }
  return () => source.close();
}
