/* Explains a word: button.term with data-term. Shown on hover, focus and tap; it stays while the pointer is on it, goes
   with Escape, and is tied to the word by aria-describedby. The meanings come with the document (#terms). */
(function () {
  'use strict';
  const terms = JSON.parse(document.getElementById('terms').textContent);
  const box = document.createElement('div');
  box.id = 'term-explained';
  box.className = 'term-box';
  box.setAttribute('role', 'tooltip');
  box.hidden = true;
  document.body.appendChild(box);
  let owner = null;
  let leaving = 0;

  function word(target) {
    return target instanceof Element ? target.closest('button.term[data-term]') : null;
  }

  function place() {
    const at = owner.getBoundingClientRect();
    const wide = box.offsetWidth;
    const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - wide - 8));
    const below = at.bottom + 6 + box.offsetHeight <= window.innerHeight || at.top < box.offsetHeight + 6;
    box.style.left = left + window.scrollX + 'px';
    box.style.top = (below ? at.bottom + 6 : at.top - 6 - box.offsetHeight) + window.scrollY + 'px';
  }

  function show(button) {
    window.clearTimeout(leaving);
    if (owner === button) return;
    hide();
    const found = terms[button.dataset.term];
    if (!found) return;
    owner = button;
    const name = document.createElement('b');
    name.textContent = found.name;
    box.replaceChildren(name, document.createTextNode(' ' + found.meaning));
    box.hidden = false;
    owner.setAttribute('aria-describedby', box.id);
    place();
  }

  function hide() {
    window.clearTimeout(leaving);
    if (owner) owner.removeAttribute('aria-describedby');
    owner = null;
    box.hidden = true;
  }

  function leave() {
    window.clearTimeout(leaving);
    leaving = window.setTimeout(hide, 250);
  }

  document.addEventListener('pointerover', (event) => {
    const button = word(event.target);
    if (button) show(button);
    else if (owner && box.contains(event.target)) window.clearTimeout(leaving);
    else if (owner && document.activeElement !== owner) leave();
  });
  document.addEventListener('focusin', (event) => {
    const button = word(event.target);
    if (button) show(button); else hide();
  });
  document.addEventListener('focusout', (event) => { if (word(event.target)) hide(); });
  document.addEventListener('click', (event) => {
    const button = word(event.target);
    if (button) { show(button); event.preventDefault(); } else if (!box.contains(event.target)) hide();
  });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && owner) hide(); });
  window.addEventListener('resize', hide);
})();
