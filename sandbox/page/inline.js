// Inline mode: what one types after the bot's name is asked, and a tap on an answer sends it.
import { act, get } from "./api.js";
import { make } from "./dom.js";

const PAUSE = 300;

export function inline(chat, done) {
  const element = make("div", { class: "popup results", role: "menu", hidden: true });
  let timer;
  let latest = 0;

  async function ask(query) {
    const mine = ++latest;
    const { query_id: id } = await act(chat.stand.speaker, "inline", chat.stand.placed({ query }));
    const view = await get(`/sandbox/inline/${id}?wait=20`);
    if (mine !== latest) return;
    const choose = async (result) => {
      close();
      if (await chat.do("choose", { query_id: id, result_id: result.id })) done();
    };
    element.replaceChildren(...view.results.map((result) => make("button", { type: "button", role: "menuitem", onclick: () => choose(result) },
      make("b", {}, result.title), result.description && make("span", {}, result.description))));
    if (!view.results.length) element.replaceChildren(make("p", { class: "quiet" }, view.answered ? "No results." : "The bot has not answered."));
    element.hidden = false;
  }

  function close() { latest += 1; clearTimeout(timer); element.hidden = true; }

  // Look at what stands in the text box.
  function look(text) {
    const name = `@${chat.bot.username} `;
    close();
    if (text.toLowerCase().startsWith(name.toLowerCase())) timer = setTimeout(() => ask(text.slice(name.length)).catch((error) => chat.say(error.message)), PAUSE);
  }

  return { element, look, close };
}
