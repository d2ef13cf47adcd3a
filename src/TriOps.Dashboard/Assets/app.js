// Pages that show something under way fetch themselves and swap their main part; everything works without this script.
const refresh = async () => {
  const main = document.querySelector('main[data-live]');
  if (!main || document.hidden || inUse(main)) return schedule();
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (response.ok) {
      const next = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
      if (next && next.outerHTML !== main.outerHTML && !inUse(main)) swap(main, next);
    }
  } catch { /* The host is away: try again at the next tick. */ }
  schedule();
};
// A form that somebody fills in stays as it is until it is sent or emptied.
const inUse = main => [...main.querySelectorAll('form')].some(form => form.contains(document.activeElement) || [...form.querySelectorAll('input')].some(i => i.value !== i.defaultValue));
// The keyboard's place is kept: the same link has the focus afterwards.
const swap = (main, next) => {
  const link = main.contains(document.activeElement) && document.activeElement.getAttribute('href');
  main.replaceWith(next);
  if (link) next.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus({ preventScroll: true });
};
const schedule = () => {
  const main = document.querySelector('main[data-live]');
  if (main) setTimeout(refresh, Number(main.dataset.live) || 2000);
};
schedule();
