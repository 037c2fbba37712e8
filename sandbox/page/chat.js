// One column: a person's chat with the bot.
import { act, get, post } from "./api.js";
import { composer } from "./composer.js";
import { avatar, fullName, icon, make } from "./dom.js";
import { bubble } from "./bubble.js";
import { Stand } from "./stand.js";

const NEAR_END = 80;
const NEWEST = 200;
const NEAR_TOP = 300;
const TYPING = 5000;

export class Chat {
  constructor(account, bot, accounts, { close }) {
    this.account = account;
    this.bot = bot;
    this.stand = new Stand(account, accounts);
    this.seq = 0;
    this.messages = new Map();
    this.bubbles = new Map();
    this.list = make("div", { class: "messages", role: "log", "aria-label": `Chat of ${fullName(account)}`, tabindex: "0" });
    // A picture grows when it arrives: whoever was at the end stays there.
    this.list.addEventListener("load", () => { if (this.atEnd) this.toEnd(); }, true);
    this.list.addEventListener("scroll", () => {
      const top = this.list.scrollTop;
      // Only a scroll upwards leaves the end: growth alone must not.
      if (this.nearEnd() || top < this.top) this.atEnd = this.nearEnd();
      this.top = top;
      if (top < NEAR_TOP && this.more) this.leaf();
    });
    this.top = 0;
    this.toast = make("p", { class: "toast", role: "status" });
    this.alert = make("dialog", { class: "alert", "aria-label": fullName(account) }, make("p", {}), make("span", { class: "title" }, `to ${fullName(account)}`), make("form", { method: "dialog" }, make("button", { class: "main" }, "OK")));
    this.foot = make("footer", {});
    this.status = make("span", { class: "title" });
    this.element = make("section", { class: "column", "aria-label": fullName(account) }, this.head(close), this.stand.element, this.list, this.toast, this.foot, this.alert);
    this.box = composer(this);
    this.stand.who.addEventListener("change", () => { for (const message of this.messages.values()) this.place(message); this.drawAlbums(); });
    this.load();
  }

  head(close) {
    const toggle = () => { this.toggle(); details.open = false; };
    this.blockButton = make("button", { type: "button", onclick: toggle }, "Block the bot");
    const details = make("details", { class: "menu" }, make("summary", { class: "round", "aria-label": "More" }, icon("more")), make("div", {}, this.blockButton));
    return make("header", {},
      make("button", { class: "round back", "aria-label": "Back to the people", onclick: close }, icon("back")),
      avatar(this.account),
      make("span", { class: "who" }, make("b", {}, fullName(this.account)), this.status),
      details,
      make("button", { class: "round close", "aria-label": `Close the chat of ${fullName(this.account)}`, onclick: close }, icon("close")));
  }

  // Block the bot and let it in again; in a group, put it out and add it.
  toggle() {
    if (!this.stand.group) return this.do(this.account.blocked ? "unblock" : "block");
    const place = this.account.started ? "kicked" : "member";
    return post("/sandbox/groups", { groups: [{ id: this.account.id, bot: place, by: this.stand.speaker }] }).catch((error) => this.say(error.message));
  }

  focus() { (this.foot.querySelector("textarea, button") ?? this.list).focus({ preventScroll: true }); }

  // Somebody told that the chat may have changed.
  update(account) {
    const typing = account.typing;
    if (account.born !== this.account.born) this.begin();
    Object.assign(this.account, account);
    this.stand.refresh();
    if (account.seq > this.seq) this.load();
    clearTimeout(this.typingTimer);
    this.showStatus(typing);
    if (typing) this.typingTimer = setTimeout(() => this.showStatus(false), TYPING);
  }

  showStatus(typing) {
    this.status.textContent = typing ? `${this.bot.first_name} is typing…` : this.account.blocked ? "has blocked the bot" : this.account.title || this.account.group;
    this.status.classList.toggle("typing", typing);
  }

  // The sandbox was reset: this is another chat of the same person.
  begin() {
    this.seq = 0;
    this.more = false;
    this.messages.clear();
    this.bubbles.clear();
    this.list.replaceChildren();
  }

  // Fetch what is new; calls while one is under way make exactly one more.
  async load() {
    if (this.loading) { this.again = true; return; }
    this.loading = true;
    try {
      do {
        this.again = false;
        const first = this.seq === 0;
        const view = await get(`${this.stand.path}?after=${this.seq}&limit=${first ? NEWEST : 0}`);
        this.take(view, first);
      } while (this.again);
    } catch { /* the stream tells when the connection is back */ } finally { this.loading = false; }
  }

  // Older messages, above what is shown; what one looks at stays where it is.
  async leaf() {
    if (this.leafing) return;
    this.leafing = true;
    try {
      const oldest = Math.min(...this.messages.keys());
      const view = await get(`${this.stand.path}?before=${oldest}&limit=${NEWEST}`);
      const shown = [...this.messages];
      const below = this.list.scrollHeight - this.list.scrollTop;
      this.messages.clear();
      const first = this.list.firstChild;
      for (const message of view.messages) {
        const element = bubble(message, this);
        this.messages.set(message.message_id, message);
        this.bubbles.set(message.message_id, element);
        first.before(element);
      }
      for (const [id, message] of shown) this.messages.set(id, message);
      this.more = view.more;
      this.drawAlbums();
      this.list.scrollTop = this.list.scrollHeight - below;
    } catch { /* the next scroll asks again */ } finally { this.leafing = false; }
  }

  take(view, first) {
    const end = this.atEnd || this.nearEnd();
    this.seq = view.seq;
    this.view = view;
    Object.assign(this.account, { started: view.started, blocked: view.blocked });
    for (const message of view.messages) this.place(message);
    if (first) this.more = view.more;
    this.drawAlbums();
    this.showWaiting(view.waiting);
    for (const toast of view.toasts) if (!first) this.showToast(toast);
    this.blockButton.textContent = this.stand.group ? (this.account.started ? "Remove the bot" : "Add the bot") : this.account.blocked ? "Unblock the bot" : "Block the bot";
    this.showStatus(view.typing);
    this.drawFoot();
    if (first || end || view.messages.some((message) => message.from === "person" && !message.edited)) this.toEnd();
    this.seen();
  }

  nearEnd() { return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_END; }

  toEnd() { this.list.scrollTop = this.list.scrollHeight; this.atEnd = true; }

  place(message) {
    const old = this.bubbles.get(message.message_id);
    if (message.deleted) {
      old?.remove();
      this.messages.delete(message.message_id);
      this.bubbles.delete(message.message_id);
      return;
    }
    // An old message that changed is fetched anew when one leafs back to it.
    if (!old && this.more && message.message_id < Math.min(...this.messages.keys())) return;
    const fresh = bubble(message, this);
    this.messages.set(message.message_id, message);
    this.bubbles.set(message.message_id, fresh);
    if (old) {
      const label = old.contains(document.activeElement) && document.activeElement.textContent;
      old.replaceWith(fresh);
      if (label) ([...fresh.querySelectorAll("button")].find((button) => button.textContent === label) ?? fresh.querySelector(".keyboard button"))?.focus({ preventScroll: true });
    } else {
      fresh.classList.add("fresh");
      this.list.append(fresh);
    }
  }

  // The pictures of one album stand in a grid.
  drawAlbums() {
    let before;
    for (const [id, message] of this.messages) {
      const element = this.bubbles.get(id);
      if (message.media_group_id && message.photos.length) {
        const beside = before?.media_group_id === message.media_group_id ? this.bubbles.get(before.message_id).parentElement : null;
        if (!element.parentElement.classList.contains("grid")) {
          const grid = beside?.classList.contains("grid") ? beside : make("div", { class: element.classList.contains("mine") ? "grid mine" : "grid" });
          if (grid !== beside) element.before(grid);
          grid.append(element);
        }
        element.classList.add("album");
      }
      before = message;
    }
    for (const grid of this.list.querySelectorAll(".grid:empty")) grid.remove();
  }

  showWaiting(waiting) {
    for (const button of this.list.querySelectorAll(".waiting")) { button.classList.remove("waiting"); button.removeAttribute("aria-busy"); }
    for (const { message_id: id, data } of waiting) {
      for (const button of this.bubbles.get(id)?.querySelectorAll("[data-press]") ?? []) {
        if (button.dataset.press === data) { button.classList.add("waiting"); button.setAttribute("aria-busy", "true"); }
      }
    }
  }

  showToast({ text, alert, url }) {
    if (url) this.do("open", { url });
    if (!text) return;
    if (alert) {
      this.alert.firstChild.textContent = text;
      if (!this.alert.open) this.alert.showModal();
    } else this.say(text);
  }

  // A short word over the text box.
  say(text) {
    this.toast.textContent = text;
    this.toast.classList.add("shown");
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => this.toast.classList.remove("shown"), 2500 + 40 * text.length);
  }

  drawFoot() {
    const bare = this.account.blocked || !this.account.started;
    this.list.classList.toggle("bare", this.messages.size === 0);
    this.list.querySelector(".hint")?.remove();
    if (!this.messages.size) {
      this.list.append(make("div", { class: "hint" }, avatar(this.account), make("b", {}, fullName(this.account)),
        this.account.title && make("span", { class: "title" }, this.account.title),
        make("p", {}, this.account.hint || (this.stand.group ? "Nobody has written here yet." : "") || `Nothing here yet. Press Start to meet @${this.bot.username}.`)));
    }
    if (this.stand.group ? this.account.started : !bare && this.messages.size) { this.box.refresh(); if (this.foot.firstChild !== this.box.element) this.foot.replaceChildren(this.box.element); return; }
    if (this.stand.group) this.foot.replaceChildren(make("button", { class: "main wide", onclick: () => this.toggle() }, "Add the bot"));
    else if (this.account.blocked) this.foot.replaceChildren(make("button", { class: "main wide", onclick: () => this.do("unblock") }, "Unblock the bot"));
    else this.foot.replaceChildren(make("button", { class: "main wide", onclick: () => this.do("start") }, "Start"));
  }

  seen() {
    if (document.visibilityState === "visible" && this.seq > 0) act(this.stand.speaker, "read", this.stand.placed({ seq: this.seq })).catch(() => {});
  }

  async do(name, body) {
    try { return await act(this.stand.speaker, name, this.stand.placed(body)); } catch (error) { this.say(error.message); return null; }
  }

  // Follow a link; true when it leads back to this bot and was a press of Start.
  follow(url) {
    const start = new RegExp(`^(https?://(t|telegram)\\.me/${this.bot.username}/?\\?|tg://resolve\\?).*start=`, "i");
    if (!start.test(url)) return false;
    this.do("open", { url });
    return true;
  }
}
