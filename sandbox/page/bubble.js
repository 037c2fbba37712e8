// One message as a bubble: its text, pictures, place, file and buttons.
import { clock, icon, make, rich } from "./dom.js";

export function bubble(message, chat) {
  const group = chat.stand.group;
  const mine = message.from === "person" && (!group || message.author.id === chat.stand.speaker);
  if (message.service) return make("article", { class: "service", "data-message": message.message_id }, message.text);
  const text = message.rich.length > 0 && make("div", { class: "text" },
    ...rich(message.rich, { say: (command) => chat.do("text", { text: command }), follow: (url) => chat.follow(url) }));
  const parts = [
    group && make("div", { class: "author" }, message.author.name, chat.stand.topic(message) && make("span", {}, ` · ${chat.stand.topic(message)}`)),
    message.forwarded_from && make("div", { class: "title" }, `Forwarded from ${message.forwarded_from}`),
    message.via_bot && make("div", { class: "title" }, `via @${message.via_bot}`),
    message.reply_to && make("div", { class: "answered" }, message.reply_to.text.slice(0, 80) || "Message"),
    ...message.photos.map((url) => photo(url, message)),
    message.location && place(message.location, message.venue),
    message.document && file(message.document),
    message.contact && make("div", { class: "card" }, icon("menu"), make("span", {}, make("b", {}, message.contact.first_name), make("span", {}, message.contact.phone_number))),
    text,
    make("span", { class: "meta" }, message.edited && "edited ", make("time", {}, clock(message.date))),
  ];
  const body = make("div", { class: "bubble" }, ...parts);
  if (mine && !message.via_bot && (message.text || message.caption)) body.append(editButton(message, chat));
  if (`${message.text}${message.caption}`.includes("⏳")) body.classList.add("waits");
  return make("article", { class: mine ? "row mine" : "row", "data-message": message.message_id, "aria-label": mine ? "You" : message.author.name },
    body, message.keyboard.length > 0 && keyboard(message, chat));
}

function photo(url, message) {
  return make("a", { class: "photo", href: url, target: "_blank", rel: "noopener" }, make("img", { src: url, alt: message.caption || "Photo", width: message.photo_size[0], height: message.photo_size[1] }));
}

function place({ latitude, longitude }, venue) {
  const at = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  return make("div", { class: "map", role: "img", "aria-label": `Map: ${venue?.title ?? ""} ${at}` },
    make("span", { class: "ground" }, icon("pin")),
    make("span", { class: "where" }, venue && make("b", {}, venue.title), venue && make("span", {}, venue.address), make("code", {}, at)));
}

function file({ name, size, url }) {
  const large = size < 1024 ? `${size} B` : size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`;
  return make("a", { class: "card", href: url, download: name }, icon("file"), make("span", {}, make("b", {}, name), make("span", {}, large)));
}

function editButton(message, chat) {
  return make("button", { class: "round edit", type: "button", "aria-label": "Edit the message", title: "Edit", onclick: () => chat.box.edit(message) }, icon("edit"));
}

function keyboard(message, chat) {
  return make("div", { class: "keyboard" }, ...message.keyboard.map((row) => make("div", {}, ...row.map((button) => key(button, message, chat)))));
}

function key(button, message, chat) {
  if (button.url) {
    const open = (event) => { if (chat.follow(button.url)) event.preventDefault(); };
    return make("a", { href: button.url, target: "_blank", rel: "noopener noreferrer", onclick: open }, button.text, icon("link"));
  }
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (pressed.classList.contains("waiting")) return;
    if (button.callback_data === undefined) { chat.say("This button does nothing in the sandbox."); return; }
    pressed.classList.add("waiting");
    const done = await chat.do("press", { message_id: message.message_id, data: button.callback_data });
    if (!done) pressed.classList.remove("waiting");
  };
  return make("button", { type: "button", "data-press": button.callback_data, onclick: press }, button.text);
}
