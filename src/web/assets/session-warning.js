// Warns two minutes before a login ends, and leaves the page when it has ended. docs/session.md says how to use it.
// The bridge is asked, and asking keeps nobody logged in: timers only say when to ask again, so that a computer that
// slept, or another window that stayed logged in, changes what happens here.
(() => {
  "use strict";
  const script = document.currentScript;
  const bridge = new URL(script.src).origin;
  const WARN_AT = 120; // seconds
  const ID = "nhsmail-bridge-warning";
  let known = null; // what the bridge said last, and when
  let timer = 0;
  let asking = false;
  let dismissed = false;
  let dialog, text, button;

  const secondsLeft = () => known.seconds_left - (Date.now() - known.heard) / 1000;
  const canStay = () => known.ends_in > known.seconds_left;

  async function say(method, path) {
    const signal = AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined;
    return fetch(bridge + path, { method, credentials: "include", cache: "no-store", signal });
  }

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const answer = await say("GET", "/session");
      if (answer.ok) hear(await answer.json());
      else if (answer.status === 401) return over();
    } catch {
      // It cannot be reached. Nobody is sent away for that, and it is asked again.
    } finally {
      asking = false;
    }
    plan();
  }

  function plan() {
    const left = known ? secondsLeft() : Infinity;
    const pause = left > WARN_AT ? Math.min(left - WARN_AT, 300) : Math.min(Math.max(left, 1), 10);
    clearTimeout(timer);
    timer = setTimeout(ask, pause * 1000);
  }

  function hear(session) {
    known = { ...session, heard: Date.now() };
    if (session.seconds_left > WARN_AT) {
      dismissed = false;
      if (dialog) dialog.close();
    } else if (!dismissed) {
      warn();
    }
  }

  // The text changes three times at most: a screen reader says each change.
  function warn() {
    if (!dialog) build();
    const left = known.seconds_left;
    const time = left > 60 ? "2 minutes" : left > 30 ? "1 minute" : "30 seconds";
    tell(
      canStay()
        ? `We will log you out in less than ${time}, because you have not done anything. This protects patient information.`
        : `Your login ends in less than ${time} and cannot be made longer. Save your work, then log in again.`,
    );
    button.textContent = canStay() ? "Stay logged in" : "Continue";
    if (!dialog.open) {
      dialog.showModal();
      button.focus();
    }
  }

  function tell(words) {
    if (text.textContent !== words) text.textContent = words;
  }

  async function stay() {
    if (!canStay()) {
      dismissed = true;
      return dialog.close();
    }
    try {
      const answer = await say("POST", "/session/extend");
      if (answer.ok) {
        hear(await answer.json());
        return plan();
      }
    } catch {
      return tell("We could not reach the login service. Save your work and try again.");
    }
    ask();
  }

  // Only somebody who was logged in is told that it is over.
  function over() {
    clearTimeout(timer);
    if (!known) return;
    const timedOut = secondsLeft() < 2;
    const why = timedOut ? (canStay() ? "idle" : "limit") : "ended";
    const back = encodeURIComponent(script.dataset.returnTo || location.href);
    known = null;
    location.replace(`${bridge}/session/ended?why=${why}&return_to=${back}`);
  }

  function make(name, more) {
    return Object.assign(document.createElement(name), more);
  }

  function build() {
    const title = make("h2", { id: `${ID}-title`, className: "nhsuk-heading-m", textContent: "You will be logged out soon" });
    text = make("p", { id: `${ID}-text` });
    text.setAttribute("aria-live", "polite");
    button = make("button", { type: "button", className: "nhsuk-button" });
    const leave = make("a", { href: `${bridge}/sign-out`, textContent: "Log out" });
    const buttons = make("div", { className: "nhsuk-button-group" });
    buttons.append(button, leave);
    dialog = make("dialog", { className: ID });
    dialog.setAttribute("role", "alertdialog");
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.setAttribute("aria-describedby", text.id);
    dialog.append(title, text, buttons);
    button.addEventListener("click", stay);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      stay();
    });
    dress();
    document.body.append(dialog);
  }

  // A sheet made here needs no permission of the page's policy. Its rules weigh nothing, so the page's own win.
  function dress() {
    if (!document.adoptedStyleSheets) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`:where(.${ID}){box-sizing:border-box;max-width:min(36em,calc(100% - 32px));padding:24px;
      border:4px solid #005eb8;background:#fff;color:#212b32;line-height:1.5;overflow-wrap:anywhere}
      :where(.${ID})::backdrop{background:rgba(33,43,50,.8)}`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  if (!window.HTMLDialogElement) return;
  for (const sign of ["focus", "online", "pageshow"]) window.addEventListener(sign, ask);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  ask();
})();
