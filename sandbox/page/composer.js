// The text box of a chat with its command menu, attachments and the bot's own keyboard.
import { icon, make } from "./dom.js";
import { inline } from "./inline.js";

const KYIV = { latitude: 50.4501, longitude: 30.5234 };

export function composer(chat) {
  let editing = null;
  const text = make("textarea", { rows: "1", placeholder: "Message", "aria-label": "Message", autocomplete: "off" });
  const note = make("div", { class: "editing", hidden: true });
  const commands = make("div", { class: "popup commands", role: "menu", hidden: true });
  const keys = make("div", { class: "keyboard reply" });
  const photos = picker("image/*", (files) => sendFiles("photo", files));
  const documents = picker("", (files) => sendFiles("document", files));
  const attachments = make("div", { class: "popup attach", role: "menu", hidden: true },
    item("Photos", () => photos.click()), item("A sample photo", () => chat.do("photo")), item("A file", () => documents.click()),
    item("Location", () => chat.do("location", nearby())), item("My contact", () => chat.do("contact")));
  const menu = tool("menu", "Commands", commands);
  const attach = tool("attach", "Attach", attachments);
  const send = make("button", { class: "round send", type: "submit", "aria-label": "Send" }, icon("send"));
  const form = make("form", { class: "box", onsubmit: submit }, menu, text, attach, send, photos, documents);
  const results = inline(chat, () => set(""));
  const element = make("div", { class: "composer" }, keys, results.element, commands, attachments, note, form);

  function item(label, run) {
    return make("button", { type: "button", role: "menuitem", onclick: () => { hidePopups(); run(); text.focus(); } }, label);
  }
  function tool(name, label, popup) {
    const toggle = () => { const shut = popup.hidden; hidePopups(); popup.hidden = !shut; button.setAttribute("aria-expanded", shut); if (shut) popup.querySelector("button")?.focus(); };
    const button = make("button", { class: "round", type: "button", "aria-label": label, title: label, "aria-expanded": "false", onclick: toggle }, icon(name));
    return button;
  }
  function hidePopups() {
    commands.hidden = attachments.hidden = true;
    results.close();
    menu.setAttribute("aria-expanded", "false");
    attach.setAttribute("aria-expanded", "false");
  }
  function picker(accept, take) {
    const input = make("input", { type: "file", multiple: true, accept, hidden: true, tabindex: "-1", onchange: () => { take([...input.files]); input.value = ""; } });
    return input;
  }
  function sendFiles(name, files) {
    if (!files.length) return;
    const form = new FormData();
    for (const file of files.slice(0, 10)) form.append("file", file, file.name);
    if (text.value.trim()) form.append("caption", text.value.trim());
    set("");
    chat.do(name, form);
  }
  function set(value) { text.value = value; grow(); }
  function grow() { text.style.height = "auto"; text.style.height = `${Math.min(text.scrollHeight, 140)}px`; }
  function stopEditing() { editing = null; note.hidden = true; }

  async function submit(event) {
    event.preventDefault();
    const value = text.value.trim();
    if (!value) return;
    hidePopups();
    const target = editing;
    set("");
    stopEditing();
    const done = target ? await chat.do("edit", { message_id: target, text: value }) : await chat.do("text", { text: value });
    if (!done && !text.value) set(value);
  }

  function listCommands() {
    const found = chat.view?.commands ?? [];
    const typed = text.value.startsWith("/") ? text.value.slice(1).toLowerCase() : "";
    const shown = found.filter(({ command }) => command.startsWith(typed));
    commands.replaceChildren(...shown.map(({ command, description }) =>
      make("button", { type: "button", role: "menuitem", onclick: () => { hidePopups(); set(""); chat.do("text", { text: `/${command}` }); text.focus(); } },
        make("b", {}, `/${command}`), make("span", {}, description))));
    menu.hidden = !found.length;
    return shown.length;
  }

  text.addEventListener("input", () => { grow(); results.look(text.value); commands.hidden = !(listCommands() && /^\/\w*$/.test(text.value)); });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (editing) { stopEditing(); set(""); }
    hidePopups();
    text.focus();
  });
  element.addEventListener("focusout", (event) => { if (event.relatedTarget && !element.contains(event.relatedTarget)) hidePopups(); });

  return {
    element,
    refresh() {
      listCommands();
      const rows = chat.view?.reply_keyboard?.keyboard ?? [];
      keys.replaceChildren(...rows.map((row) => make("div", {}, ...row.map((button) => make("button", { type: "button", onclick: () => pressed(button) }, button.text)))));
      text.placeholder = chat.view?.reply_keyboard?.input_field_placeholder || "Message";
    },
    edit(message) {
      editing = message.message_id;
      note.replaceChildren("Editing the message ", make("button", { class: "inline-link", type: "button", onclick: () => { stopEditing(); set(""); } }, "Cancel"));
      note.hidden = false;
      set(message.text || message.caption);
      text.focus();
    },
  };

  function pressed(button) {
    if (button.request_contact) chat.do("contact");
    else if (button.request_location) chat.do("location", nearby());
    else chat.do("text", { text: button.text });
  }
}

// A place around the middle of Kyiv, a little different every time.
function nearby() {
  const off = () => (Math.random() - 0.5) / 20;
  return { latitude: KYIV.latitude + off(), longitude: KYIV.longitude + off() };
}
