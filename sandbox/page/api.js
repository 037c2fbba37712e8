// Talks to the control API.

export async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error((await response.json()).error);
  return response.json();
}

// Do one thing in the name of a person; a form carries files.
export async function act(person, name, body = {}) {
  return post(`/sandbox/people/${person}/${name}`, body);
}

export async function post(path, body) {
  const form = body instanceof FormData;
  const response = await fetch(path, {
    method: "POST", body: form ? body : JSON.stringify(body), headers: form ? {} : { "Content-Type": "application/json" },
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

// Call `tell(news)` for every change and `state(online)` when the connection comes or goes; reconnects for ever.
export function listen(tell, state) {
  let source;
  let watchdog;
  const again = () => { source?.close(); state(false); clearTimeout(watchdog); setTimeout(connect, 1000); };
  const alive = () => { clearTimeout(watchdog); watchdog = setTimeout(again, 45000); };
  function connect() {
    source = new EventSource("/sandbox/events");
    source.onopen = () => { state(true); alive(); };
    source.onmessage = (event) => { alive(); tell(JSON.parse(event.data)); };
    source.onerror = again;
    source.addEventListener("alive", alive);
  }
  connect();
}
