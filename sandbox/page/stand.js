// Who speaks in a chat and where: in a group one chooses a member and a topic.
import { fullName, make } from "./dom.js";

export class Stand {
  constructor(account, accounts) {
    this.account = account;
    this.accounts = accounts;
    this.group = account.kind === "group";
    this.path = `/sandbox/${this.group ? "groups" : "people"}/${account.id}/chat`;
    this.who = make("select", { "aria-label": "Who speaks" });
    this.where = make("select", { "aria-label": "In which topic" });
    this.element = make("div", { class: "stand", hidden: !this.group }, "as ", this.who, this.where);
    this.refresh();
  }

  get speaker() { return this.group ? Number(this.who.value) : this.account.id; }

  get thread() { return this.group ? Number(this.where.value) : 0; }

  refresh() {
    if (!this.group) return;
    const { members, topics } = this.account;
    choose(this.who, members.map((id) => [id, this.accounts.has(id) ? fullName(this.accounts.get(id)) : id]));
    choose(this.where, [[0, "General"], ...Object.entries(topics)]);
    this.where.hidden = !this.account.forum;
  }

  topic(message) { return this.group && message.message_thread_id ? this.account.topics[message.message_thread_id] : ""; }

  // The body of an act, with where it takes place.
  placed(body = {}) {
    if (!this.group) return body;
    const place = { chat_id: this.account.id, thread_id: this.thread };
    if (!(body instanceof FormData)) return { ...place, ...body };
    for (const [name, value] of Object.entries(place)) body.append(name, value);
    return body;
  }
}

// The options of a select, drawn anew only when they are others.
function choose(select, options) {
  const now = JSON.stringify(options);
  if (select.dataset.options === now) return;
  const chosen = select.value;
  select.dataset.options = now;
  select.replaceChildren(...options.map(([value, label]) => make("option", { value }, String(label))));
  if (options.some(([value]) => String(value) === chosen)) select.value = chosen;
}
