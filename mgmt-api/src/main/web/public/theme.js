// Applies the stored theme before the first paint. src/app/theme.ts keeps it up to date afterwards.
(function () {
  var choice = 'system';
  try {
    choice = localStorage.getItem('nvgate.theme') || 'system';
  } catch {
    // Storage may be forbidden; the system's choice stands.
  }
  var dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('pf-v6-theme-dark', dark);
})();
