import type { ElectronApplication, Page } from '@playwright/test';
import type { TunelBridge } from '../../electron/shared/bridge.ts';
import type { RequestInput, RequestName, RequestOutput } from '../../electron/shared/contract/index.ts';
import { serializedErrorSchema } from '../../electron/shared/error-schemas.ts';
import { AppError } from '../../electron/shared/errors.ts';

declare global {
  interface Window {
    readonly tunel: TunelBridge;
  }
}

type Outcome = { ok: true; value: unknown } | { ok: false; message: string };

/** A request as the page makes it. Rejects with the AppError that the page would see. */
export function invoke<N extends RequestName>(page: Page, name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
/** A request that is not of the contract, or an input that does not fit. */
export function invoke(page: Page, name: string, input: unknown): Promise<unknown>;
export async function invoke(page: Page, name: string, input: unknown): Promise<unknown> {
  const outcome = await page.evaluate(
    async (request): Promise<Outcome> => {
      const ask = window.tunel.invoke as (name: string, input: unknown) => Promise<unknown>;
      return ask(request.name, request.input).then(
        (value) => ({ ok: true, value }),
        (error: Error) => ({ ok: false, message: error.message }),
      );
    },
    { name, input },
  );
  if (outcome.ok) return outcome.value;
  throw AppError.revive(serializedErrorSchema.parse(JSON.parse(outcome.message)));
}

/** From now on every question of the app is answered with this button and written down. */
export async function answerDialogs(app: ElectronApplication, response: number): Promise<void> {
  await app.evaluate(({ dialog }, button) => {
    const asked: string[] = [];
    const note = (args: unknown[]) => {
      const question = args.find(
        (arg): arg is { message: string } => typeof arg === 'object' && arg !== null && 'message' in arg,
      );
      asked.push(question?.message ?? '');
    };
    Reflect.set(globalThis, 'askedQuestions', asked);
    Reflect.set(dialog, 'showMessageBox', async (...args: unknown[]) => {
      note(args);
      return { response: button, checkboxChecked: false };
    });
    Reflect.set(dialog, 'showMessageBoxSync', (...args: unknown[]) => {
      note(args);
      return button;
    });
  }, response);
}

/** The questions since `answerDialogs`. */
export function askedQuestions(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => Reflect.get(globalThis, 'askedQuestions') as string[]);
}

/** The engine's process id, or null while there is none. */
export const engineProcess = (app: ElectronApplication): Promise<number | null> => utilityProcess(app, 'Tunel engine');

/** The process id of a utility process of the app, or null while there is none. */
export function utilityProcess(app: ElectronApplication, service: string): Promise<number | null> {
  return app.evaluate(
    ({ app: main }, wanted) =>
      main.getAppMetrics().find((metric) => metric.name === wanted || metric.serviceName === wanted)?.pid ?? null,
    service,
  );
}
