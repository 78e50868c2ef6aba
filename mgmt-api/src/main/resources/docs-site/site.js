// Theme switch, menu of small screens, and search. Without scripts the pages are whole but for these.
'use strict';

const RESULTS_MAX = 12;
const IN_HEADING = 12;
const IN_TITLE = 5;
const IN_TEXT = 1;
const WHOLE_WORD = 2;

const input = document.getElementById('search');
const results = document.getElementById('results');
const found = document.getElementById('found');
const menu = document.getElementById('menu');

function theme() {
  const button = document.getElementById('theme');
  const root = document.documentElement;
  const name = () => { button.textContent = root.dataset.theme === 'dark' ? 'Light' : 'Dark'; };
  name();
  button.hidden = false;
  button.addEventListener('click', () => {
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('nvgate.theme', root.dataset.theme);
    } catch {
      // Then it holds for this page.
    }
    name();
  });
}

let index;
function load() {
  index ??= fetch('/docs/search.json').then((answer) => {
    if (!answer.ok) throw new Error(`search index: ${answer.status}`);
    return answer.json();
  }).then(({ pages, sections }) => sections.map(([page, heading, anchor, words]) => ({
    title: pages[page][0],
    url: anchor && heading !== pages[page][0] ? `${pages[page][1]}#${anchor}` : pages[page][1],
    heading,
    inTitle: ` ${pages[page][0].toLowerCase()} `,
    inHeading: ` ${heading.toLowerCase().replace(/[^\p{L}\p{N}._:-]+/gu, ' ')} `,
    inText: ` ${words} `,
  })));
  return index;
}

/** Words may begin anywhere in the text; whole ones, and those in headings, count more. */
function score(section, terms) {
  let sum = 0;
  for (const term of terms) {
    const of = (text, weight) => {
      if (text.includes(` ${term} `)) return weight * WHOLE_WORD;
      if (text.includes(` ${term}`)) return weight;
      return term.length > 3 && text.includes(term) ? weight / 2 : 0;
    };
    const here = of(section.inHeading, IN_HEADING) + of(section.inTitle, IN_TITLE) + of(section.inText, IN_TEXT);
    if (here === 0) return 0;
    sum += here;
  }
  return sum;
}

function show(hits, query) {
  results.replaceChildren();
  const list = document.createElement('ul');
  for (const { section } of hits.slice(0, RESULTS_MAX)) {
    const link = document.createElement('a');
    link.href = section.url;
    const heading = document.createElement('strong');
    heading.textContent = section.heading;
    link.append(heading);
    if (section.heading !== section.title) {
      const page = document.createElement('small');
      page.textContent = section.title;
      link.append(page);
    }
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  const text = hits.length === 0 ? `Nothing found for “${query}”` : `${hits.length} found`;
  found.textContent = text;
  if (hits.length === 0) {
    const nothing = document.createElement('p');
    nothing.textContent = text;
    results.append(nothing);
  } else {
    results.append(list);
  }
  results.hidden = false;
}

async function search() {
  const query = input.value.trim();
  if (query.length < 2) {
    results.hidden = true;
    found.textContent = '';
    return;
  }
  const sections = await load();
  if (query !== input.value.trim()) return;
  const terms = query.toLowerCase().split(/\s+/);
  const hits = sections.map((section) => ({ section, points: score(section, terms) }))
    .filter((hit) => hit.points > 0)
    .sort((a, b) => b.points - a.points);
  show(hits, query);
}

function moveFocus(step) {
  const links = [...results.querySelectorAll('a')];
  if (results.hidden || links.length === 0) return;
  const next = links.indexOf(document.activeElement) + step;
  (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
}

function keys(event) {
  if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    input.focus();
  } else if (event.key === 'Escape' && !results.hidden) {
    results.hidden = true;
    input.focus();
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.target.closest('.search')) {
    event.preventDefault();
    moveFocus(event.key === 'ArrowDown' ? 1 : -1);
  }
}

theme();
menu.open = matchMedia('(min-width: 62rem)').matches;
menu.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
input.addEventListener('focus', load);
input.addEventListener('input', search);
input.form.addEventListener('submit', (event) => {
  event.preventDefault();
  results.querySelector('a')?.click();
});
document.addEventListener('keydown', keys);
document.addEventListener('click', (event) => {
  if (!event.target.closest('.search')) results.hidden = true;
});
