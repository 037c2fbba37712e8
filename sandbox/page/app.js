// The list of people, the open columns, and the address that remembers them.
import { listen } from "./api.js";
import { Chat } from "./chat.js";
import { avatar, clock, fullName, make } from "./dom.js";

const $ = (id) => document.getElementById(id);
const COLUMN = 330;
const accounts = new Map();
const columns = new Map();
let bot = { first_name: "Sandbox", username: "" };
let focused = 0;

const phone = () => matchMedia("(max-width: 719px)").matches;
const room = () => (phone() ? 1 : Math.max(1, Math.min(4, Math.floor($("columns").clientWidth / COLUMN))));
const wanted = () => location.hash.slice(1).split(",").map(Number).filter(Boolean);

function show(ids) {
  const hash = ids.length ? `#${ids.join(",")}` : "#";
  if (location.hash !== hash) location.hash = hash;
  else draw();
}

function open(id) {
  const ids = wanted();
  if (!ids.includes(id)) {
    // A full row gives up the column that was not looked at last.
    while (ids.length >= room()) ids.splice(ids.findIndex((other) => other !== focused || ids.length === 1), 1);
    ids.push(id);
  }
  focused = id;
  show(phone() ? [id] : ids);
  columns.get(id)?.focus();
}

function close(id) {
  show(wanted().filter((other) => other !== id));
  document.querySelector(`[data-person="${id}"]`)?.focus();
}

function draw() {
  const ids = wanted().filter((id) => accounts.has(id)).slice(-room());
  for (const [id, chat] of columns) {
    if (!ids.includes(id)) { chat.element.remove(); columns.delete(id); }
  }
  for (const id of ids) {
    if (!columns.has(id)) {
      const chat = new Chat(accounts.get(id), bot, accounts, { close: () => close(id), focus: () => { focused = id; } });
      columns.set(id, chat);
      chat.element.addEventListener("focusin", () => { focused = id; });
    }
    $("columns").append(columns.get(id).element);
  }
  document.body.classList.toggle("chatting", ids.length > 0);
  if (!ids.length) $("columns").replaceChildren(empty());
  else document.querySelector("#columns > .nobody")?.remove();
  drawPeople();
}

function empty() {
  return make("div", { class: "nobody" }, make("p", {}, "Choose a person on the left to chat as them."), suggestion());
}

function suggestion() {
  const first = [...accounts.values()].find((account) => account.hint) ?? accounts.values().next().value;
  if (!first) return make("p", {}, "Nobody is declared yet: POST /sandbox/accounts adds people.");
  return make("p", {}, "Begin with ", make("button", { class: "inline-link", onclick: () => { $("help").close(); open(first.id); } }, fullName(first)),
    first.hint ? `: ${first.hint}` : first.title ? `, ${first.title}.` : ".");
}

function matches(account) {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${fullName(account)} ${account.username} ${account.title} ${account.group}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function drawPeople() {
  const groups = new Map();
  for (const account of accounts.values()) {
    if (!matches(account)) continue;
    const group = account.group || "People";
    groups.set(group, [...(groups.get(group) ?? []), account]);
  }
  const list = $("people");
  const kept = document.activeElement?.dataset?.person;
  list.replaceChildren(...[...groups].map(([name, people]) =>
    make("section", { "aria-label": name }, make("h2", {}, name), ...people.map(person))));
  if (!groups.size) list.append(make("p", { class: "quiet" }, accounts.size ? "Nobody is called that." : "Nobody yet."));
  if (kept) list.querySelector(`[data-person="${kept}"]`)?.focus();
  const unread = [...accounts.values()].reduce((sum, account) => sum + account.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${bot.first_name} sandbox`;
}

function person(account) {
  const shown = columns.has(account.id);
  const who = account.last.name ?? (account.last.from === "person" ? "You" : "");
  const last = account.last.text ? `${who ? `${who}: ` : ""}${account.last.text}` : account.started ? "No messages yet" : account.kind === "group" ? "The bot is not here" : "Has not pressed Start";
  return make("button", { class: "person", "data-person": account.id, "aria-current": shown && "true", onclick: () => open(account.id) },
    avatar(account),
    make("span", { class: "who" },
      make("span", { class: "line" }, make("b", {}, fullName(account)), make("time", {}, account.last.date ? clock(account.last.date) : "")),
      account.title && make("span", { class: "title" }, account.title),
      make("span", { class: "line" }, make("span", { class: "last" }, account.typing ? "typing…" : last),
        account.unread > 0 && make("span", { class: "badge", "aria-label": `${account.unread} unread` }, String(account.unread)))));
}

function tell(news) {
  const known = accounts.size;
  bot = news.bot;
  $("bot-name").textContent = `${bot.first_name} sandbox`;
  for (const place of document.querySelectorAll(".bot-name")) place.textContent = `@${bot.username}`;
  // After a reconnection the sandbox may be another one.
  const here = new Set(news.accounts.map(({ id }) => id));
  const gone = news.everybody ? [...accounts.keys()].filter((id) => !here.has(id)) : news.gone;
  for (const id of gone) accounts.delete(id);
  for (const account of news.accounts) {
    accounts.set(account.id, account);
    columns.get(account.id)?.update(account);
  }
  if (known !== accounts.size || gone.length) {
    draw();
    $("suggestion").replaceChildren(...suggestion().childNodes);
  } else drawPeople();
}

listen(tell, (online) => {
  $("offline").hidden = online;
  if (online) for (const chat of columns.values()) chat.load();
});
addEventListener("hashchange", draw);
addEventListener("resize", draw);
document.addEventListener("visibilitychange", () => { for (const chat of columns.values()) chat.seen(); });
$("search").addEventListener("input", drawPeople);
$("help-open").addEventListener("click", () => $("help").showModal());
draw();
