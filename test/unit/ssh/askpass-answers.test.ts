import { expect, test } from 'vitest';
import { SessionMemory } from '../../../electron/core/ssh/auth/session-memory.ts';
import { AskpassAnswers } from '../../../electron/core/ssh/openssh/askpass-answers.ts';
import { clusterSchema } from '../../../electron/shared/clusters.ts';
import { MemorySecrets } from '../../helpers/memory-secrets.ts';
import { quietLogger } from '../../helpers/quiet-logger.ts';

const kept = { menuReply: '1', menuQuestion: '' };
const cluster = clusterSchema.parse({ id: 'c', name: 'C', createdAt: 1, host: 'login.test', user: 'ada', ...kept });

/** What ssh is answered, and whether the user was asked. */
async function answerMenu(isAutomatic: boolean) {
  let wasAsked = false;
  const answers = new AskpassAnswers({
    cluster,
    isAutomatic,
    secrets: new MemorySecrets(),
    memory: new SessionMemory(),
    logger: quietLogger,
    ask: () => async () => {
      wasAsked = true;
      return { kind: 'interactive', values: ['2'] };
    },
    showNotice: async () => undefined,
    onCancel: () => undefined,
  });
  const said = 'Duo two-factor login\n 1. Push to XXX-1234\n 2. Text message\n';
  const text = '(ada@login.test) Passcode or option (1-2): ';
  const given = await answers.answer({ text, hint: '', asker: '1', said });
  answers.endNotice();
  return { given, wasAsked };
}

test('a kept menu reply is given when the user signs in', async () => {
  expect(await answerMenu(false)).toEqual({ given: ['1'], wasAsked: false });
});

test('a sign-in that nobody asked for gives no menu reply: it would call a phone', async () => {
  expect(await answerMenu(true)).toEqual({ given: ['2'], wasAsked: true });
});
