// The map of a municipality: circles are initiatives, squares stand in the town hall, a tie's width is trust and its
// style understanding. Each tie is two halves: the half at the initiative is how the initiative looks at the person,
// the half at the person is how the person looks at the initiative. The whole run is here as bytes; between two months
// the map is drawn by interpolation, so playing needs no server.
(function () {
  'use strict';
  const SVG = 'http://www.w3.org/2000/svg';
  const STOPPED = 3, DORMANT = 2, NOT_YET = 0;
  const WIDEST = 12;
  const NAMED = 30; // with more initiatives, numbers stand on the map

  function bytes(text) {
    const raw = atob(text);
    const out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i += 1) out[i] = raw.charCodeAt(i);
    return out;
  }

  // A run: value(kind, position, row, field) of bytes in the order (position, row, field).
  class Run {
    constructor(frames, layout) {
      this.layout = layout;
      this.blocks = {};
      const positions = layout.months.length;
      const fields = { initiatives: layout.fields.initiative, ties: layout.fields.tie, seats: layout.fields.seat };
      for (const kind of Object.keys(fields)) {
        const data = bytes(frames[kind]);
        const names = {};
        fields[kind].forEach((name, place) => { names[name] = place; });
        this.blocks[kind] = { data, names, width: fields[kind].length, rows: data.length / positions / fields[kind].length };
      }
    }

    value(kind, position, row, field) {
      const block = this.blocks[kind];
      return block.data[(position * block.rows + row) * block.width + block.names[field]];
    }

    between(kind, at, row, field) {
      const low = Math.floor(at), high = Math.min(low + 1, this.layout.months.length - 1);
      const first = this.value(kind, low, row, field);
      return first + (at - low) * (this.value(kind, high, row, field) - first);
    }

    seatRow(node) {
      return node[0] === 'p' ? Number(node.slice(1)) : this.layout.posts + Number(node.slice(1));
    }
  }

  function element(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const key of Object.keys(attributes || {})) made.setAttribute(key, attributes[key]);
    if (parent) parent.appendChild(made);
    return made;
  }

  function set(node, key, value) {
    const text = String(value);
    if (node['_' + key] !== text) { node['_' + key] = text; node.setAttribute(key, text); }
  }

  function write(node, text) {
    if (node._text !== text) { node._text = text; node.textContent = text; }
  }

  function dash(understanding, width, small) {
    if (understanding >= 66) return 'none';
    const unit = Math.max(3, width);
    if (small) return understanding >= 33 ? '9 5' : '2 5'; // fixed and without round ends: cheap to paint by the hundred
    return understanding >= 33 ? `${2.2 * unit} ${1.3 * unit}` : `0.1 ${1.9 * unit}`;
  }

  // A long name in two lines.
  function halves(name) {
    const words = name.split(' ');
    if (words.length < 2) return [name, ''];
    let best = 1;
    for (let k = 1; k < words.length; k += 1) {
      const off = (at) => Math.abs(words.slice(0, at).join(' ').length - words.slice(at).join(' ').length);
      if (off(k) < off(best)) best = k;
    }
    return [words.slice(0, best).join(' '), words.slice(best).join(' ')];
  }

  function along(a, b, share) { return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }; }

  // Where on a tie a sheet stands clear of the names under the squares, and of squares and circles.
  function freePlace(plan, a, b) {
    const nodes = Object.keys(plan.where).map((node) => ({ seat: node[0] !== 'i', ...plan.where[node] }));
    const free = (at) => nodes.every((node) => {
      const dx = Math.abs(at.x - node.x), dy = at.y - node.y;
      if (!node.seat) {
        const left = node.x < plan.width * 0.3, right = node.x > plan.width * 0.7, long = plan.width < 640 ? 105 : 175;
        const from = left ? node.x - 60 : right ? node.x + 60 - long : node.x - long / 2;
        const named = at.x > from - 12 && at.x < from + long + 12 && (node.y > plan.height * 0.42 ? dy > 6 && dy < 62 : dy < -6 && dy > -62);
        return Math.hypot(dx, dy) > 36 && !named;
      }
      return !(dx < 38 && Math.abs(dy) < 40) && !(dx < 12 + plan.nameWidth / 2 && dy > 6 && dy < 64);
    });
    for (const share of [0.42, 0.36, 0.48, 0.31, 0.54]) if (free(along(a, b, share))) return along(a, b, share);
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1; // beside the tie, then
    for (const side of [-18, 18]) {
      for (const share of [0.42, 0.34, 0.5]) {
        const on = along(a, b, share), at = { x: on.x - side * (b.y - a.y) / length, y: on.y + side * (b.x - a.x) / length };
        if (free(at)) return at;
      }
    }
    return along(a, b, 0.42);
  }

  // Where everything stands, in a box of width × height.
  function places(layout, width, height) {
    const count = layout.initiatives.length;
    const seats = [];
    for (let i = 0; i < layout.posts; i += 1) seats.push(`p${i}`);
    for (let i = 0; i < layout.aldermen; i += 1) seats.push(`a${i}`);
    const small = count > 16;
    const columns = Math.min(layout.posts, width > 560 ? 4 : 3);
    const rows = Math.ceil(layout.posts / columns);
    const room = small ? { w: 0.48, h: 0.34 } : { w: 0.56, h: 0.46 };
    const hall = { w: Math.min(width * room.w, Math.max(118 * columns + 10, width * 0.4)), h: Math.min(height * room.h, 96 * (rows + 1) + 8) };
    hall.x = (width - hall.w) / 2; hall.y = (height - hall.h) / 2 - 2;
    const where = {};
    for (let i = 0; i < layout.posts; i += 1) {
      const row = Math.floor(i / columns);
      const inRow = Math.min(columns, layout.posts - row * columns);
      where[`p${i}`] = {
        x: hall.x + hall.w * ((i % columns) + 0.5) / inRow,
        y: hall.y + hall.h * (row + 0.42) / (rows + 1),
      };
    }
    for (let i = 0; i < layout.aldermen; i += 1) {
      where[`a${i}`] = { x: hall.x + hall.w * (i + 0.5) / layout.aldermen, y: hall.y + hall.h * (rows + 0.42) / (rows + 1) };
    }
    const contact = {};
    for (const tie of layout.ties) if (tie.contact) contact[tie.initiative] = tie.seat;
    const order = layout.initiatives.map((_, row) => `i${row}`);
    order.sort((a, b) => (where[contact[a]] || { x: 0 }).x - (where[contact[b]] || { x: 0 }).x || Number(a.slice(1)) - Number(b.slice(1)));
    const rings = small ? Math.ceil(count / 24) : 1;
    const perRing = Math.ceil(count / rings);
    const slots = [];
    for (let k = 0; k < count; k += 1) {
      const ring = Math.floor(k / perRing);
      const inRing = Math.min(perRing, count - ring * perRing);
      const angle = 2 * Math.PI * ((k % perRing) + 0.5 + 0.5 * (ring % 2)) / inRing + (count === 4 ? 0 : Math.PI / 2);
      const reach = 1 - ring * 0.15;
      const margin = small ? { x: 26, y: 26 } : { x: 62, y: 54 };
      slots.push({
        x: width / 2 + (width / 2 - margin.x) * reach * Math.cos(angle),
        y: height / 2 + (height / 2 - margin.y) * reach * Math.sin(angle),
      });
    }
    if (!small) { // from edge to edge, with room for the names above the highest and below the lowest
      const low = Math.min(...slots.map((slot) => slot.y)), high = Math.max(...slots.map((slot) => slot.y));
      slots.forEach((slot) => { slot.y = high - low > 40 ? 66 + (height - 128) * (slot.y - low) / (high - low) : Math.max(66, Math.min(height - 62, slot.y)); });
    }
    slots.sort((a, b) => Math.round(a.x) - Math.round(b.x) || a.y - b.y);
    order.forEach((node, k) => { where[node] = slots[k]; });
    return { where, hall, seats, small, width, height, nameWidth: hall.w / columns - 6 };
  }

  class TownMap {
    // host: an empty svg element. words: {vacancy, months, talks, asleep, stopped, waits, agreement, adopted, money}.
    constructor(host, layout, words, pick) {
      this.svg = host;
      this.layout = layout;
      this.words = words;
      this.pick = pick;
      this.chosen = [];
      this.different = {};
      this.size();
    }

    size() {
      const box = this.svg.getBoundingClientRect();
      const wide = box.height > 40 ? box.width / box.height : 1.3;
      const tall = this.layout.initiatives.length > 24 ? 620 : box.height > 40 && box.height < 330 ? 340 : 440;
      const narrowest = this.layout.initiatives.length > 24 ? 640 : 500;
      const width = Math.max(narrowest, Math.min(1100, tall * wide));
      const height = Math.round(Math.min(1.5 * tall, Math.max(tall, width / wide)));
      if (this.width === Math.round(width) && this.height === height && this.parts) return;
      this.width = Math.round(width); this.height = height;
      this.svg.setAttribute('viewBox', `0 0 ${this.width} ${height}`);
      this.build();
    }

    build() {
      while (this.svg.firstChild) this.svg.removeChild(this.svg.firstChild);
      const plan = places(this.layout, this.width, this.height);
      this.svg.classList.toggle('crowd', plan.small);
      this.plan = plan;
      element('rect', { x: plan.hall.x, y: plan.hall.y, width: plan.hall.w, height: plan.hall.h, rx: 14, class: 'hall' }, this.svg);
      const lines = element('g', { class: 'ties' }, this.svg);
      const marks = element('g', {}, this.svg);
      const nodes = element('g', {}, this.svg);
      this.parts = { ties: [], seats: {}, initiatives: {} };
      for (const tie of this.layout.ties) {
        const a = plan.where[tie.initiative], b = plan.where[tie.seat];
        const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
        const part = { tie, row: tie.row };
        part.near = element('line', { x1: a.x, y1: a.y, x2: middle.x, y2: middle.y, class: 'tie' }, lines);
        part.far = element('line', { x1: middle.x, y1: middle.y, x2: b.x, y2: b.y, class: 'tie' }, lines);
        if (tie.contact) {
          const scale = plan.small ? 0.55 : 1;
          const at = plan.small ? along(a, b, 0.42) : freePlace(plan, a, b);
          part.paper = element('g', { transform: `translate(${at.x - 12 * scale} ${at.y - 15 * scale}) scale(${scale})`, class: 'paper' }, marks);
          element('path', { d: 'M0 0h17l7 7v23H0z', class: 'sheet' }, part.paper);
          element('path', { d: 'M5 12h14M5 18h14M5 24h9', class: 'lines' }, part.paper);
          part.seal = element('circle', { cx: 22, cy: 27, r: 7.5, class: 'seal' }, part.paper);
        }
        this.parts.ties.push(part);
      }
      for (const seat of plan.seats) this.parts.seats[seat] = this.seat(seat, nodes);
      this.layout.initiatives.forEach((_, row) => { this.parts.initiatives[`i${row}`] = this.initiative(row, nodes); });
    }

    clickable(group, node) {
      group.addEventListener('click', () => this.pick(node));
      group.setAttribute('data-node', node);
    }

    seat(node, parent) {
      const at = this.plan.where[node];
      const half = this.plan.small && this.layout.posts > 6 ? 16 : 23;
      const group = element('g', { class: node[0] === 'a' ? 'seat governor' : 'seat' }, parent);
      const part = { group };
      part.halo = element('rect', { x: at.x - half - 6, y: at.y - half - 6, width: 2 * half + 12, height: 2 * half + 12, rx: 8, class: 'halo' }, group);
      part.box = element('rect', { x: at.x - half, y: at.y - half, width: 2 * half, height: 2 * half, rx: 4, class: 'box' }, group);
      part.face = element('g', { class: 'face', transform: `translate(${at.x} ${at.y}) scale(${half / 29})` }, group);
      element('circle', { cx: 0, cy: -8, r: 8 }, part.face);
      element('path', { d: 'M-15 17a15 13 0 0 1 30 0z' }, part.face);
      part.cross = element('path', { d: `M${at.x - 10} ${at.y - 10}l20 20M${at.x + 10} ${at.y - 10}l-20 20`, class: 'cross' }, group);
      part.name = element('text', { x: at.x, y: at.y + half + 18, 'text-anchor': 'middle', class: 'label hallname' }, group);
      part.more = element('text', { x: at.x, y: at.y + half + 34, 'text-anchor': 'middle', class: 'more hallname' }, group);
      this.clickable(group, node);
      return part;
    }

    initiative(row, parent) {
      const node = `i${row}`, at = this.plan.where[node];
      const r = this.plan.small ? (this.layout.initiatives.length > 40 ? 11 : 13) : 21;
      const group = element('g', { class: 'initiative' }, parent);
      const part = { group, r };
      const ring = 2 * Math.PI * (r * 0.68);
      part.ring = ring;
      part.halo = element('circle', { cx: at.x, cy: at.y, r: r + 7, class: 'halo' }, group);
      part.disc = element('circle', { cx: at.x, cy: at.y, r, class: 'disc' }, group);
      element('circle', { cx: at.x, cy: at.y, r: r * 0.68, class: 'energy0', 'stroke-width': r * 0.44 }, group);
      part.energy = element('circle', { cx: at.x, cy: at.y, r: r * 0.68, class: 'energy', 'stroke-width': r * 0.44, transform: `rotate(-90 ${at.x} ${at.y})` }, group);
      part.cross = element('path', { d: `M${at.x - r * 0.5} ${at.y - r * 0.5}l${r} ${r}M${at.x + r * 0.5} ${at.y - r * 0.5}l${-r} ${r}`, class: 'cross' }, group);
      if (this.plan.small) {
        part.title = element('title', {}, group); // whoever is pointed at
        part.euro = element('circle', { cx: at.x + r, cy: at.y - r, r: 5, class: 'euro' }, group);
        part.name = element('text', { x: at.x, y: at.y + r + 12, 'text-anchor': 'middle', class: 'label tiny' }, group);
      } else {
        const under = at.y > this.height * 0.42;
        const left = at.x < this.width * 0.3, right = at.x > this.width * 0.7;
        const anchor = left ? 'start' : right ? 'end' : 'middle';
        const x = left ? Math.max(4, at.x - 56) : right ? Math.min(this.width - 4, at.x + 56) : at.x;
        const y = under ? at.y + r + 20 : at.y - r - 26;
        part.under = under; part.y = y; part.narrow = this.width < 640 && (left || right);
        part.name = element('text', { x, y, 'text-anchor': anchor, class: 'label' }, group);
        part.rest = element('text', { x, y, 'text-anchor': anchor, class: 'label' }, group);
        part.more = element('text', { x, y: y + 17, 'text-anchor': anchor, class: 'more' }, group);
      }
      const outward = at.x < this.width * 0.4 ? -1 : 1; // away from the ties
      part.apart = element('text', { x: at.x + outward * (r + 4), y: at.y + 7, class: 'apart', 'text-anchor': outward < 0 ? 'end' : 'start' }, group);
      write(part.apart, '≠');
      this.clickable(group, node);
      return part;
    }

    // Draw the run at a moment between two months. names: {initiatives, seats}; chosen: nodes that stand out.
    draw(run, at, names, chosen, different) {
      const month = Math.floor(at + 1e-6);
      const words = this.words;
      const some = chosen && chosen.length;
      const inIt = (node) => chosen.indexOf(node) >= 0;
      for (const part of this.parts.ties) {
        const tie = part.tie;
        const row = Number(tie.initiative.slice(1));
        const status = run.value('initiatives', month, row, 'status');
        const there = run.value('ties', month, part.row, 'there');
        const gone = status === STOPPED || status === NOT_YET;
        const known = run.between('ties', at, part.row, 'known'), knows = run.between('ties', at, part.row, 'knows');
        const strange = !tie.contact && known < 30 && knows < 30; // they hardly know each other
        set(part.near, 'class', 'tie' + (there ? '' : ' empty') + (gone || (strange && this.plan.small && !(some && inIt(tie.initiative))) ? ' gone' : '') + (strange ? ' strange' : '') + (status === DORMANT ? ' asleep' : '')
          + (some ? (inIt(tie.initiative) || inIt(tie.seat) ? ' lit' : ' dim') : ''));
        set(part.far, 'class', part.near._class);
        const trust = run.between('ties', at, part.row, 'trust') / 100, back = run.between('ties', at, part.row, 'intentions') / 100;
        const scale = this.plan.small ? 0.5 : 1;
        const w1 = there ? Math.max(1.4, WIDEST * scale * (trust - 0.2) / 0.8) : 1.5;
        const w2 = there ? Math.max(1.4, WIDEST * scale * (back - 0.2) / 0.8) : 1.5;
        set(part.near, 'stroke-width', w1.toFixed(2)); set(part.far, 'stroke-width', w2.toFixed(2));
        set(part.near, 'stroke-dasharray', there ? dash(known, w1, this.plan.small) : '2 7');
        set(part.far, 'stroke-dasharray', there ? dash(knows, w2, this.plan.small) : '2 7');
        if (part.paper) {
          const agreed = gone ? 0 : run.value('initiatives', month, row, 'agreement');
          set(part.paper, 'class', 'paper' + (agreed === 0 ? ' none' : agreed === 1 ? ' talks' : ''));
          set(part.seal, 'class', agreed === 3 ? 'seal' : 'seal none');
        }
      }
      for (const node of Object.keys(this.parts.seats)) {
        const part = this.parts.seats[node], row = run.seatRow(node);
        const present = run.value('seats', month, row, 'present'), gone = run.value('seats', month, row, 'departures');
        const empty = run.value('seats', month, row, 'empty');
        const held = (names.seats[node] || [])[gone] || '';
        set(part.group, 'class', 'seat' + (node[0] === 'a' ? ' governor' : '') + (present ? '' : ' vacant') + (some && inIt(node) ? ' lit' : ''));
        write(part.name, present ? held : words.vacancy);
        if (part.fitted !== part.name._text) { // a long name in a narrow town hall: smaller
          part.fitted = part.name._text;
          part.name.style.fontSize = `${Math.max(this.plan.small ? 9.5 : 11, Math.min(15.5, 15.5 * this.plan.nameWidth / (8.7 * Math.max(1, part.fitted.length)))).toFixed(1)}px`;
        }
        write(part.more, present ? (node[0] === 'a' ? words.alderman : '') : empty > 0 ? words.empty_for.replace('{months}', empty) : '');
      }
      for (const node of Object.keys(this.parts.initiatives)) {
        const part = this.parts.initiatives[node], row = Number(node.slice(1));
        const status = run.value('initiatives', month, row, 'status');
        const energy = run.between('initiatives', at, row, 'energy') / 100;
        const money = run.value('initiatives', month, row, 'money');
        const agreed = run.value('initiatives', month, row, 'agreement');
        set(part.group, 'class', 'initiative' + (status === STOPPED ? ' stopped' : status === DORMANT ? ' asleep' : status === NOT_YET ? ' notyet' : '')
          + (some && inIt(node) ? ' lit' : '') + (different && different[node] ? ' differs' : ''));
        set(part.energy, 'stroke-dasharray', `${(status === STOPPED ? 0 : part.ring * energy).toFixed(1)} 999`);
        const name = names.initiatives[row];
        if (part.title) write(part.title, name);
        if (part.euro) {
          set(part.euro, 'class', money && status !== STOPPED ? 'euro' : 'euro none');
          write(part.name, some && inIt(node) || this.layout.initiatives.length <= NAMED ? name : String(row + 1));
        } else {
          const pair = part.narrow && name.length > 12 ? halves(name) : [name, ''];
          const up = pair[1] && !part.under ? -19 : 0;
          write(part.name, pair[0]); write(part.rest, pair[1]);
          set(part.name, 'y', part.y + up); set(part.rest, 'y', part.y + up + 19); set(part.more, 'y', part.y + up + 17 + (pair[1] ? 19 : 0));
          const state = status === STOPPED ? words.stopped : status === DORMANT ? words.asleep : status === NOT_YET ? words.notyet
            : money ? `€ ${words.left.replace('{months}', money >= 250 ? '250+' : money)}` : agreed === 1 ? words.talks : '';
          set(part.more, 'class', money && status < DORMANT ? 'more money' : 'more');
          write(part.more, state);
        }
      }
    }
  }

  // Which initiatives differ between two runs at a month: what was reached or agreed, or trust by a tenth.
  function differences(layout, one, other, month) {
    const found = {};
    layout.initiatives.forEach((_, row) => {
      for (const field of ['status', 'phase', 'agreement', 'lasting']) {
        if (one.value('initiatives', month, row, field) !== other.value('initiatives', month, row, field)) found[`i${row}`] = true;
      }
      if ((one.value('initiatives', month, row, 'money') > 0) !== (other.value('initiatives', month, row, 'money') > 0)) found[`i${row}`] = true;
    });
    for (const tie of layout.ties) {
      if (tie.contact && Math.abs(one.value('ties', month, tie.row, 'trust') - other.value('ties', month, tie.row, 'trust')) >= 10) found[tie.initiative] = true;
    }
    return found;
  }

  window.SamenspelWorkshop = { Run, TownMap, differences, NAMED };
}());
