// The console: live entity states and the talk box. Everything that devices or people say is put
// into the page as text, never as HTML; the one fragment of HTML is rendered and escaped by the agent.
'use strict';

const byId = (id) => document.getElementById(id);
const csrf = {
  header: document.querySelector('meta[name="csrf-header"]').content,
  token: document.querySelector('meta[name="csrf-token"]').content,
};
const LIMIT = 50;
let conversation = null;

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

// ---- live states

function show(entity) {
  const line = document.querySelector(`[data-entity="${CSS.escape(entity.id)}"]`);
  if (!line) return;
  line.dataset.active = String(entity.active);
  line.dataset.availability = entity.availability;
  line.querySelector('.availability').textContent = entity.availability;
  const state = line.querySelector('.state');
  if (state.textContent !== entity.state) {
    state.textContent = entity.state;
    line.classList.remove('fresh');
    void line.offsetWidth; // restarts the animation
    line.classList.add('fresh');
  }
}

// What the feed has told since the newest reload began: the answer on its way may not know it yet.
const told = new Map();
let reloads = 0;

async function reloadHome() {
  const mine = ++reloads;
  told.clear();
  const answer = await fetch('/console/home', { headers: { Accept: 'text/html' } });
  const html = await answer.text();
  if (answer.status === 401) {
    location.assign('/sign-in');
  } else if (answer.ok && mine === reloads) {
    byId('home').innerHTML = html;
    told.forEach(show);
  }
}

let reload = null;
function reloadSoon() {
  clearTimeout(reload);
  reload = setTimeout(() => reloadHome().catch(() => live(false)), 150);
}

function live(on) {
  const badge = byId('live');
  badge.textContent = on ? 'live' : 'reconnecting …';
  badge.classList.toggle('on', on);
}

function watch() {
  const events = new EventSource('/console/events');
  events.addEventListener('hello', () => { live(true); reloadSoon(); });
  events.addEventListener('entity', (event) => {
    const entity = JSON.parse(event.data);
    told.set(entity.id, entity);
    show(entity);
  });
  events.addEventListener('home', reloadSoon);
  events.onerror = () => {
    live(false);
    if (events.readyState === EventSource.CLOSED) {
      // Refused: signed out, or the agent is restarting.
      setTimeout(() => reloadHome().then(watch, watch), 3000);
    }
  };
}

// ---- talk box

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', [csrf.header]: csrf.token },
    body: JSON.stringify(body),
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.detail || `the agent answered ${answer.status}`);
  return content;
}

function addTurn(said) {
  document.querySelector('#turns .undo')?.remove(); // only the last can be undone
  const turn = element('li');
  turn.append(element('div', 'said', said));
  const turns = byId('turns');
  turns.append(turn);
  while (turns.children.length > LIMIT) turns.firstElementChild.remove();
  return turn;
}

function addReply(turn, reply) {
  conversation = reply.conversation;
  turn.append(element('p', 'reply', reply.reply));
  turn.append(element('span', `outcome ${reply.outcome}`, reply.outcome.replaceAll('_', ' ')));
  turn.append(element('span', 'ms', `${reply.ms} ms`));
  if (reply.actions.length) {
    const list = element('ul', 'actions');
    list.setAttribute('aria-label', 'Evidence');
    for (const action of reply.actions) {
      const item = element('li');
      item.append(element('b', '', action.name), `: ${action.command} – ${action.evidence}`);
      if (action.ms) item.append(` after ${action.ms} ms`);
      if (action.detail) item.append(element('div', 'detail', action.detail));
      list.append(item);
    }
    turn.append(list);
  }
  if (reply.confirmation) addConfirmation(turn, reply.confirmation);
  if (reply.undoable) addUndo(turn, reply.conversation);
  turn.scrollIntoView({ block: 'nearest' });
}

function addConfirmation(turn, token) {
  const row = element('div', 'row');
  const yes = element('button', 'confirm', 'Confirm');
  const no = element('button', 'quiet', 'Not now');
  yes.type = no.type = 'button';
  yes.addEventListener('click', async () => {
    row.remove();
    await answerInto(addTurn('Confirm'), '/console/confirm', { token });
  });
  no.addEventListener('click', () => { row.remove(); byId('text').focus(); });
  row.append(yes, no);
  // The focus stays in the text box: a second Enter must never confirm by accident.
  turn.append(row);
}

function addUndo(turn, conversation) {
  const undo = element('button', 'quiet undo', 'Undo');
  undo.type = 'button';
  undo.addEventListener('click', async () => {
    const undoing = answerInto(addTurn('Undo'), '/console/undo', { conversation });
    byId('text').focus(); // the button that had the focus is gone
    await undoing;
  });
  turn.append(undo);
}

async function answerInto(turn, path, body) {
  const talk = byId('talk');
  talk.setAttribute('aria-busy', 'true');
  try {
    addReply(turn, await post(path, body));
  } catch (error) {
    turn.append(element('p', 'reply bad', error.message));
    turn.append(element('span', 'outcome error', 'error'));
  } finally {
    talk.removeAttribute('aria-busy');
  }
}

byId('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = byId('text');
  const said = text.value.trim();
  if (!said) return;
  byId('send').disabled = true;
  text.value = '';
  await answerInto(addTurn(said), '/console/ask', { text: said, area: byId('area').value || null, conversation });
  byId('send').disabled = false;
  text.focus();
});

byId('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId('ask').requestSubmit();
  }
});

watch();
