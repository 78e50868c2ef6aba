/** What each drop reason of the data path means and what to look at. Keys are the names the gateway reports. */
export const dropTexts: Readonly<Record<string, { readonly title: string; readonly help: string }>> = {};

/** NVGRE_KEY_MISSING → "Nvgre key missing": better than nothing for a reason this page does not know. */
export function humanize(reason: string): string {
  const words = reason.replace(/[_-]+/g, ' ').trim().toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
