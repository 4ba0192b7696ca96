// The style and the script of the HTML report, and their digests, which its content policy allows
// by name. A test says what a digest has to be after a change.
#pragma once

#include <string_view>

namespace sandproof::report {

inline constexpr std::string_view page_style = R"(
:root {
  --paper: #ffffff; --ink: #1d2126; --faint: #59616b; --line: #d5dae0; --shade: #f4f6f8;
  --bad: #b3201b; --bad-shade: #fdecea; --doubt: #7a5200; --doubt-shade: #fff4d9;
  --good: #1a6b35; --good-shade: #e6f5ea; --link: #0b57a4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e4e7eb; --faint: #a3acb7; --line: #363d46; --shade: #1e2329;
    --bad: #ff8f86; --bad-shade: #3c1917; --doubt: #f2c14e; --doubt-shade: #352a10;
    --good: #74d58f; --good-shade: #14301d; --link: #7fb8ff;
  }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--paper);
       color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1.4rem; margin: 1rem 0 0; }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
a { color: var(--link); }
code, pre { font: .875rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
[hidden] { display: none !important; }
.faint { color: var(--faint); margin: .2rem 0; }
.list { padding-left: 1.2rem; }
.tabs { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: 1rem;
        border-bottom: 1px solid var(--line); padding-bottom: .5rem; }
button { font: inherit; color: inherit; background: var(--shade); border: 1px solid var(--line);
         border-radius: .4rem; padding: .3rem .7rem; min-height: 2.2rem; cursor: pointer; }
button:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link);
         outline-offset: 2px; }
[aria-selected=true] { background: var(--ink); color: var(--paper); border-color: var(--ink); }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; padding: 0; }
.status { display: inline-block; border-radius: .3rem; padding: 0 .45rem; font-size: .85rem;
          font-weight: 600; white-space: nowrap; color: var(--faint); background: var(--shade);
          text-decoration: none; }
.bad { color: var(--bad); background: var(--bad-shade); }
.doubt { color: var(--doubt); background: var(--doubt-shade); }
.good { color: var(--good); background: var(--good-shade); }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; }
summary { padding: .5rem .7rem; cursor: pointer; }
summary code { font-weight: 600; }
.inside { padding: 0 .7rem .7rem; }
.attempt { border-top: 1px solid var(--line); margin-top: .7rem; padding-top: .7rem; }
.attempt p { margin: .2rem 0; }
table { border-collapse: collapse; }
.square { margin: .5rem 0; font-size: .9rem; }
.square th, .square td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: left; }
.square th { font-weight: 400; color: var(--faint); overflow-wrap: normal; }
.run { display: flex; align-items: flex-start; gap: .5rem; background: var(--shade);
       border-radius: .4rem; padding: .4rem .5rem; margin-top: .4rem; }
.run pre { flex: 1; min-width: 0; margin: .25rem 0; white-space: pre-wrap; }
.lines { width: 100%; border: 1px solid var(--line); background: var(--shade); }
.lines td { vertical-align: top; padding: .05rem .5rem; }
.lines .number { color: var(--faint); text-align: right; width: 1%; white-space: nowrap;
                 user-select: none;
                 font: .875rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
.lines .beside { width: 1%; white-space: nowrap; }
.lines code { white-space: pre-wrap; tab-size: 4; }
.lines .bad-line code { color: var(--bad); }
.wide { overflow-x: auto; }
.matrix th, .matrix td { border: 1px solid var(--line); padding: .25rem .5rem; font-weight: 400;
                         text-align: left; }
.matrix td { text-align: center; min-width: 2rem; }
.matrix thead th { vertical-align: bottom; }
.matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.matrix tbody th { min-width: 12rem; }
.carried { color: var(--good); background: var(--good-shade); font-weight: 600; }
@media (max-width: 36rem) {
  body { padding: .7rem; }
  .run { flex-direction: column; }
  .run pre { width: 100%; }
  .lines td { padding: .05rem .25rem; }
  .lines code, .lines .number, .lines .status { font-size: .75rem; }
  .square { width: 100%; font-size: .8rem; }
  .square th, .square td { padding: .2rem .35rem; }
}
@media print {
  .tabs, button { display: none !important; }
  section[hidden] { display: block !important; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
)";

inline constexpr std::string_view page_script = R"(
(() => {
  const tabs = [...document.querySelectorAll('[role=tab]')];
  const panel = (tab) => document.getElementById(tab.getAttribute('aria-controls'));
  const choose = (chosen) => {
    for (const tab of tabs) {
      tab.setAttribute('aria-selected', String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      panel(tab).hidden = tab !== chosen;
    }
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => choose(tab));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    });
  });
  const follow = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    const tab = tabs.find((one) => panel(one).contains(target));
    if (tab) choose(tab);
    if (target.tagName === 'DETAILS') target.open = true;
    target.scrollIntoView();
  };
  if (tabs.length > 0) {
    document.querySelector('[role=tablist]').hidden = false;
    choose(tabs[0]);
  }
  addEventListener('hashchange', follow);
  follow();

  const copied = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(source);
      return document.execCommand('copy');
    }
  };
  for (const button of document.querySelectorAll('.copy')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      button.textContent = (await copied(button.previousElementSibling)) ? 'Copied' : 'Select it';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
  }
})();
)";

inline constexpr std::string_view page_style_digest =
    "sha256-3/bPSemuVDnZWbPBIuPG21VENq5aBbv0xi2WTgKE6pA=";
inline constexpr std::string_view page_script_digest =
    "sha256-3Wsh0NvyG++lsIKu/JS8Dcpra7f1yOGntCTyiKajncg=";

}  // namespace sandproof::report
