/** Two tenants' paths that meet in the gateway. Decorative: the name stands beside it. */
export function Logo() {
  return (
    <svg className="nv-logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" className="nv-logo__ground" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M6 10h5l10 12h5" />
        <path d="M6 22h5l3-3.6M18 13.6l3-3.6h5" />
      </g>
      <circle cx="16" cy="16" r="2.6" fill="#fff" />
    </svg>
  );
}
