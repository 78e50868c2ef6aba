/** A path of these pages; undefined for what would lead a browser to another site (`//host`, `/\\host`, `https:`). */
export const ownPath = (path: string | null): string | undefined => (path !== null && /^\/(?![/\\])/.test(path) ? path : undefined);
