/* Says when the connection is gone, and comes back by itself: the address holds the whole comparison.
   Solara waits ever longer between attempts; this asks every second and reconnects as soon as the server answers. */
(function () {
  'use strict';
  const words = document.currentScript.dataset.words;
  const health = document.currentScript.dataset.health;
  let bar = null;
  let asking = false;

  function say(gone) {
    if (gone && !bar) {
      bar = document.createElement('div');
      bar.className = 'offline';
      bar.setAttribute('role', 'alert');
      bar.textContent = words;
      document.body.prepend(bar);
    } else if (!gone && bar) {
      bar.remove();
      bar = null;
    }
  }

  async function watch() {
    const debug = window.solara && window.solara.debug;
    if (!debug || asking) return;
    // The kernel is gone for good (the server was restarted and cannot restore it): start again from the address.
    if (window.app && window.app.$data.needsRefresh) { window.location.reload(); return; }
    const gone = debug.connectionStatus !== 'connected';
    say(gone);
    if (!gone) return;
    asking = true;
    try {
      const answer = await fetch(health, { cache: 'no-store' });
      if (answer.ok && debug.connectionStatus !== 'connected') await debug.kernel().reconnect();
    } catch (error) {
      // Still no server: ask again in a second.
    } finally {
      asking = false;
    }
  }

  window.setInterval(watch, 1000);
})();
