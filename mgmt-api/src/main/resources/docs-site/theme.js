// Before the first paint. The choice is the one that the web UI keeps, too.
(function () {
  var choice = 'system';
  try {
    choice = localStorage.getItem('nvgate.theme') || 'system';
  } catch {
    // Storage may be forbidden; the system's choice stands.
  }
  var dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
