// Pages that show something under way fetch themselves and swap their main part; everything works without this script.
const refresh = async () => {
  const main = document.querySelector('main[data-live]');
  if (!main || document.hidden) return schedule();
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (response.ok) {
      const next = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
      if (next && next.innerHTML !== main.innerHTML) main.replaceWith(next);
    }
  } catch { /* The host is away: try again at the next tick. */ }
  schedule();
};
const schedule = () => {
  const main = document.querySelector('main[data-live]');
  if (main) setTimeout(refresh, Number(main.dataset.live) || 2000);
};
schedule();
