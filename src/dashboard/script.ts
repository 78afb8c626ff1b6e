/** The one script: keys, picture modes, the bar of new verdicts. Pages read and decide without it. */
import { SHORTCUTS } from './keys.ts';

/** Plain ECMAScript as browsers run it; it only ever finds elements that the pages marked, and never writes markup. */
export const SCRIPT = `'use strict';
const KEYS = new Set(${JSON.stringify(SHORTCUTS.map(({ key }) => key))});
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const seen = (element) => element.checkVisibility();

// Rows: table rows of a list, differences of a comparison.
const rows = () => all('[data-row]').filter(seen);
const currentRow = () => document.activeElement?.closest?.('[data-row]') ?? null;
const focusRow = (row) => {
  const target = row.querySelector('[data-open]') ?? row;
  target.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest', behavior: 'auto' });
};
const move = (by) => {
  const list = rows();
  if (list.length === 0) return false;
  const at = list.indexOf(currentRow());
  const next = at === -1 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by));
  focusRow(list[next]);
  return true;
};
const toggle = () => {
  const box = currentRow()?.querySelector('input[type=checkbox]');
  box?.click();
  return box != null;
};
const open = () => {
  const active = document.activeElement;
  // A focused link or button knows itself what Enter means.
  if (active?.matches('a, button, summary, input, select, textarea')) return false;
  const link = currentRow()?.querySelector('[data-open]');
  link?.click();
  return link != null;
};
const copy = () => {
  navigator.clipboard?.writeText(location.href).then(() => say('Link copied'), () => say(location.href));
  return true;
};
const say = (text) => {
  const bar = document.querySelector('[data-say]') ?? document.body.appendChild(document.createElement('p'));
  bar.dataset.say = '';
  bar.className = 'say';
  bar.setAttribute('role', 'status');
  bar.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => bar.remove(), 2400);
};
// Deciding in a list means the current row where none is selected.
const pickCurrent = (element) => {
  const form = element.form;
  if (!form?.matches('[data-bulk]') || form.querySelector('input[name=id]:checked')) return true;
  const box = currentRow()?.querySelector('input[name=id]');
  if (!box) return false;
  box.checked = true;
  return true;
};
const press = (key) => {
  const element = all('[data-key="' + CSS.escape(key) + '"]').find((one) => seen(one) && !one.disabled);
  if (!element) return false;
  if (element.matches('input[type=search], textarea')) {
    element.focus();
    element.select();
    return true;
  }
  if (!pickCurrent(element)) return false;
  element.click();
  return true;
};
const act = (key) => {
  switch (key) {
    case 'j': return move(1);
    case 'k': return move(-1);
    case 'x': return toggle();
    case 'Enter': return open();
    case 'c': return copy();
    default: return press(key);
  }
};
const typing = (element) =>
  element.isContentEditable || element.matches?.('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=range])');
document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && typing(event.target)) return event.target.blur();
  if (!KEYS.has(event.key) || typing(event.target)) return;
  if (act(event.key)) event.preventDefault();
});

// How many are selected, where it is asked.
const countSelected = () => {
  const chosen = all('[data-bulk] input[name=id]:checked').length;
  for (const label of all('[data-selected]')) label.textContent = chosen === 0 ? label.dataset.selected : chosen + ' selected';
};
document.addEventListener('change', countSelected);
countSelected();

// Pictures: one mode at a time, the place kept between modes.
for (const stage of all('[data-stage]')) {
  for (const button of all('[data-mode]', stage)) {
    button.addEventListener('click', () => {
      stage.dataset.shows = button.dataset.mode;
      for (const other of all('[data-mode]', stage)) other.setAttribute('aria-pressed', String(other === button));
    });
  }
  const slider = stage.querySelector('input[type=range]');
  const slide = () => stage.style.setProperty('--at', slider.value + '%');
  slider?.addEventListener('input', slide);
  if (slider) slide();
  // Dragging over the pictures is the slider, where the hand already is.
  stage.querySelector('.pictures').addEventListener('pointermove', (event) => {
    if (event.buttons !== 1 || !slider) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    slider.value = String(100 * (event.clientX - left) / width);
    slide();
  });
}

// A quiet bar: never moves what is being read.
const bar = document.querySelector('[data-live]');
if (bar && document.querySelector('[data-listens]')) {
  let fresh = 0;
  const events = new EventSource('/v1/events');
  events.addEventListener('verdict', (event) => {
    try {
      const { verdict } = JSON.parse(event.data);
      if (verdict !== 'suspect' && verdict !== 'poisoned') return;
    } catch { return; }
    fresh += 1;
    const link = bar.querySelector('a');
    link.href = location.href;
    link.textContent = fresh + (fresh === 1 ? ' new verdict' : ' new verdicts') + ' to look at';
    bar.hidden = false;
  });
  addEventListener('pagehide', () => events.close());
}
`;
