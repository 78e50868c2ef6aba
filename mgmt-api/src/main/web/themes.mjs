// Leaves out the styles of themes that these pages do not offer, and values that nothing uses: they would be a tenth of the first load.
const UNUSED = /pf-v6-theme-(glass|high-contrast|felt|redhat|unified)/;
const RULE = /([^{}]+)\{([^{}]*)\}/g;

/** @param css minified, without comments */
export function withoutUnusedThemes(css) {
  return css.replace(RULE, (rule, selectors, body) => {
    if (!UNUSED.test(selectors)) return rule;
    // A comma inside :is(...) does not separate: such lists are kept as they are unless all of it is of an unused theme.
    if (/:(is|where|not)\([^)]*,/.test(selectors)) return UNUSED.test(selectors.replace(/:not\([^)]*\)/g, '')) ? '' : rule;
    const kept = selectors.split(',').filter((selector) => !UNUSED.test(selector.replace(/:not\([^)]*\)/g, '')));
    return kept.length === 0 ? '' : `${kept.join(',')}{${body}}`;
  });
}

const DECLARATION = /(--[\w-]+):([^;{}]*)(;|(?=\}))/g;

/** Names of all custom properties that a text uses, itself or by way of other properties. */
function usedProperties(styles, scripts) {
  const values = new Map();
  for (const [, name, value] of styles.matchAll(DECLARATION)) {
    const known = values.get(name) ?? [];
    for (const [, other] of value.matchAll(/var\((--[\w-]+)/g)) known.push(other);
    values.set(name, known);
  }
  const direct = styles.replace(DECLARATION, '').matchAll(/var\((--[\w-]+)/g);
  const used = new Set([...[...direct].map(([, name]) => name), ...(scripts.match(/--[\w-]+/g) ?? [])]);
  // A set goes on with what is added while it is walked.
  for (const name of used) for (const other of values.get(name) ?? []) used.add(other);
  return used;
}

/** Vite plugin. */
export const unusedThemes = () => ({
  name: 'nvgate-unused-themes',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const files = Object.values(bundle);
    const sheets = files.filter(({ fileName }) => fileName.endsWith('.css'));
    for (const sheet of sheets) sheet.source = withoutUnusedThemes(String(sheet.source));
    const used = usedProperties(sheets.map(({ source }) => source).join('\n'), files.map(({ code }) => code ?? '').join('\n'));
    for (const sheet of sheets) sheet.source = sheet.source.replace(DECLARATION, (all, name) => (used.has(name) ? all : ''));
  },
});
