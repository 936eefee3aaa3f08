const job = document.querySelector('[data-job]');
if (job.dataset.job !== '') job.textContent = `, job ${job.dataset.job}`;

const call = document.querySelector('#call');
document.querySelector('#call-button').addEventListener('click', async () => {
  const begun = performance.now();
  const answer = await fetch('api/facts');
  const facts = await answer.json();
  call.textContent = `${facts.node} answered in ${Math.round(performance.now() - begun)} ms`;
});

const live = document.querySelector('#live');
let connection;
function connect() {
  connection = new WebSocket(new URL('live', location.href.replace(/^http/, 'ws')));
  connection.addEventListener('open', () => {
    live.textContent = 'connected';
  });
  connection.addEventListener('message', ({ data }) => {
    live.textContent = `back in ${Math.round(performance.now() - Number(data))} ms`;
  });
  connection.addEventListener('close', () => {
    live.textContent = 'closed, trying again';
    setTimeout(connect, 2000);
  });
}
connect();
document.querySelector('#live-button').addEventListener('click', () => {
  if (connection.readyState === WebSocket.OPEN) connection.send(String(performance.now()));
});
