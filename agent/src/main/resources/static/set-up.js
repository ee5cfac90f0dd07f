// The set-up page: floors, areas and what is decided about entities. Everything that devices or
// people say is put into the page as text, never as HTML. Forms are made when they are opened, and
// only a part of a long list is shown, so that thousands of entities stay usable.
'use strict';

const byId = (id) => document.getElementById(id);
const csrf = {
  header: document.querySelector('meta[name="csrf-header"]').content,
  token: document.querySelector('meta[name="csrf-token"]').content,
};
const PAGE = 50;
const WHY = {
  open: 'seen by Hearth',
  allowed: 'seen: you allowed it',
  denied: 'hidden by you',
  risky: 'hidden: risky, allow it if you want',
  undecided: 'hidden: may do anything, nobody has decided',
  diagnostic: 'hidden: a setting or diagnosis',
};
let home = { floors: [], areas: [], entities: [], waiting: [] };
let shown = PAGE;
let forms = 0;

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function tell(text, bad) {
  const told = byId('told');
  told.textContent = text;
  told.classList.toggle('bad', Boolean(bad));
  told.hidden = false;
}

// ---- talking with the agent

async function send(method, path, body, type = 'application/json') {
  const answer = await fetch(path, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': type }), Accept: 'application/json', [csrf.header]: csrf.token },
    body,
  });
  if (answer.status === 401) location.assign('/sign-in');
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.detail || `the agent answered ${answer.status}`);
  return content;
}

async function change(method, path, body, done) {
  try {
    home = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
    draw();
    tell(done);
    return true;
  } catch (error) {
    tell(error.message, true);
    return false;
  }
}

// ---- forms

function field(form, label, control) {
  const box = element('div', 'field');
  const name = element('label', '', label);
  control.id = `f${++forms}`;
  name.htmlFor = control.id;
  box.append(name, control);
  form.append(box);
  return control;
}

function input(value, placeholder) {
  const control = element('input');
  control.defaultValue = value ?? '';
  control.placeholder = placeholder ?? '';
  control.autocomplete = 'off';
  return control;
}

function select(options, value) {
  const control = element('select');
  for (const [key, text] of options) {
    const option = element('option', '', text);
    option.value = key;
    control.append(option);
  }
  control.value = value ?? '';
  return control;
}

// What was typed into a field of names; what was there before, when nobody touched it.
function names(control, before) {
  if (control.value === control.defaultValue) return before;
  return control.value.split(/[,，、]/).map((name) => name.trim()).filter(Boolean);
}

const areaOf = (id) => home.areas.find((area) => area.id === id);
const path = (what, id) => `/console/set-up/${what}/${encodeURIComponent(id)}`;

function buttons(form, remove) {
  const row = element('div', 'row');
  row.append(element('button', 'save', 'Save'));
  if (remove) {
    const button = element('button', 'quiet remove', 'Delete');
    button.type = 'button';
    button.addEventListener('click', remove);
    row.append(button);
  }
  form.append(row);
}

// A line that opens into a form; the form is made at that moment.
function line(key, summary, make) {
  const item = element('li');
  const details = element('details');
  details.dataset.key = key;
  const head = element('summary');
  head.append(...summary);
  details.append(head);
  details.addEventListener('toggle', () => {
    if (details.open && !details.querySelector('form')) {
      const form = element('form');
      make(form);
      details.append(form);
    }
  });
  item.append(details);
  return item;
}

// ---- things

function entityForm(entity, form) {
  const decided = entity.decided;
  form.append(element('p', 'hint', `${entity.id} · ${entity.kind} · device ${entity.device}`));
  const name = field(form, 'Name', input(decided.name, entity.name));
  const area = field(form, 'Area', select([['', 'as the device says'], ...home.areas.map((a) => [a.id, a.name])], decided.area));
  const aliases = field(form, 'Other names, in any language, with commas', input((decided.aliases ?? entity.aliases).join(', ')));
  const exposed = field(form, 'Hearth may see and control it', select([['', 'by its kind'], ['true', 'allowed'], ['false', 'hidden']], decided.exposed === null ? '' : String(decided.exposed)));
  const risk = field(form, 'Risk', select([['', 'by its kind'], ['normal', 'normal: acts at once'], ['guarded', 'guarded: waits for a yes']], decided.risk));
  buttons(form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    change('PUT', path('entities', entity.id), {
      name: name.value.trim() || null,
      area: area.value || null,
      aliases: names(aliases, decided.aliases),
      exposed: exposed.value === '' ? null : exposed.value === 'true',
      risk: risk.value || null,
    }, `Saved: ${name.value.trim() || entity.name}`);
  });
}

function matches(entity, words, show) {
  if (show === 'exposed' ? !entity.exposed : show !== 'all' && entity.exposure !== show) return false;
  const text = [entity.name, entity.id, entity.kind, entity.device, areaOf(entity.area)?.name, ...entity.aliases].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function drawThings() {
  const words = byId('find').value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = home.entities.filter((entity) => matches(entity, words, byId('show').value));
  const open = new Set([...document.querySelectorAll('#things details[open]')].map((d) => d.dataset.key));
  byId('things').replaceChildren(...found.slice(0, shown).map((entity) => {
    const why = element('span', 'why', WHY[entity.exposure] + (entity.risk === 'guarded' ? ' · guarded' : ''));
    const item = line(entity.id, [element('span', 'name', entity.name), element('span', 'place', areaOf(entity.area)?.name ?? 'no area'), why], (form) => entityForm(entity, form));
    item.dataset.exposure = entity.exposure;
    if (open.has(entity.id)) item.firstElementChild.open = true;
    return item;
  }));
  const away = home.waiting.length ? ` ${home.waiting.length} more are decided about and not here at present.` : '';
  byId('count').textContent = `${Math.min(shown, found.length)} of ${found.length} things shown.${away}`;
  byId('more').hidden = found.length <= shown;
}

// ---- areas and floors

function areaForm(area, form) {
  const name = field(form, 'Name', input(area?.name));
  name.required = true;
  const floor = field(form, 'Floor', select([['', 'none'], ...home.floors.map((f) => [f.id, f.name])], area?.floor));
  const aliases = field(form, 'Other names, in any language, with commas', input(area?.aliases.join(', ')));
  const beside = element('fieldset');
  beside.append(element('legend', '', 'Adjoining areas'));
  for (const other of home.areas.filter((each) => each.id !== area?.id)) {
    const label = element('label', 'check');
    const box = element('input');
    box.type = 'checkbox';
    box.value = other.id;
    box.checked = area?.adjoining.includes(other.id) ?? false;
    label.append(box, ` ${other.name}`);
    beside.append(label);
  }
  form.append(beside);
  buttons(form, area && (() => change('DELETE', path('areas', area.id), undefined, `Deleted: ${area.name}`)));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    change(area ? 'PUT' : 'POST', area ? path('areas', area.id) : '/console/set-up/areas', {
      name: name.value,
      floor: floor.value || null,
      aliases: names(aliases, area?.aliases ?? []),
      adjoining: [...beside.querySelectorAll('input:checked')].map((box) => box.value),
    }, `Saved: ${name.value}`);
  });
}

function floorForm(floor, form) {
  const name = field(form, 'Name', input(floor?.name));
  name.required = true;
  const level = field(form, 'Level, 0 is the ground floor', input(String(floor?.level ?? 0)));
  level.type = 'number';
  level.required = true;
  const aliases = field(form, 'Other names, in any language, with commas', input(floor?.aliases.join(', ')));
  buttons(form, floor && (() => change('DELETE', path('floors', floor.id), undefined, `Deleted: ${floor.name}`)));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    change(floor ? 'PUT' : 'POST', floor ? path('floors', floor.id) : '/console/set-up/floors', {
      name: name.value,
      level: Number(level.value),
      aliases: names(aliases, floor?.aliases ?? []),
    }, `Saved: ${name.value}`);
  });
}

function draw() {
  drawThings();
  byId('areas').replaceChildren(
    ...home.areas.map((area) => line(area.id, [
      element('span', 'name', area.name),
      element('span', 'place', home.floors.find((f) => f.id === area.floor)?.name ?? 'no floor'),
      element('span', 'why', `${area.count} things` + (area.adjoining.length ? ` · next to ${area.adjoining.map((id) => areaOf(id)?.name).join(', ')}` : '')),
    ], (form) => areaForm(area, form))),
    line('new', [element('span', 'name', 'Add an area')], (form) => areaForm(null, form)));
  byId('floors').replaceChildren(
    ...home.floors.map((floor) => line(floor.id, [element('span', 'name', floor.name), element('span', 'place', `level ${floor.level}`)], (form) => floorForm(floor, form))),
    line('new', [element('span', 'name', 'Add a floor')], (form) => floorForm(null, form)));
}

async function load() {
  home = await send('GET', '/console/set-up');
  draw();
}

byId('find').addEventListener('input', () => { shown = PAGE; drawThings(); });
byId('show').addEventListener('change', () => { shown = PAGE; drawThings(); });
byId('more').addEventListener('click', () => { shown += PAGE; drawThings(); });
byId('file').addEventListener('change', async (event) => {
  const faults = byId('faults');
  faults.hidden = true;
  const file = event.target.files[0];
  if (!file) return;
  try {
    const answer = await send('PUT', '/console/home.yaml', await file.arrayBuffer(), 'application/yaml');
    await load();
    tell(answer.told);
  } catch (error) {
    faults.textContent = error.message;
    faults.hidden = false;
  }
  event.target.value = '';
});

load().catch((error) => tell(error.message, true));
