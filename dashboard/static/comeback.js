/* Says when the connection is gone, and comes back by itself: the address holds the whole comparison.
   Solara waits ever longer between attempts; this asks every second and reconnects as soon as the server answers.
   What is changed meanwhile would reach nobody and be lost: until then nothing can be changed, only read. */
(function () {
  'use strict';
  const words = document.currentScript.dataset.words;
  const health = document.currentScript.dataset.health;
  let bar = null;
  const controls = 'main :is(button, input, select, textarea):not(:disabled):not(.term):not(.dock *)';
  let asking = false;
  let held = []; // the controls that were put out of use
  let focused = null; // and the one that had the keyboard

  function hold(gone) {
    if (gone && !held.length) focused = document.activeElement;
    if (gone) {
      for (const control of document.querySelectorAll(controls)) { control.disabled = true; held.push(control); }
    } else if (held.length) {
      for (const control of held) control.disabled = false;
      held = [];
      if (focused && document.activeElement === document.body) focused.focus({ preventScroll: true });
    }
    if (gone === document.documentElement.classList.contains('gone')) return;
    document.documentElement.classList.toggle('gone', gone);
    window.dispatchEvent(new CustomEvent('samenspel:connection', { detail: !gone }));
  }

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
    hold(gone);
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
