import { describe, expect, it } from 'vitest';
import { Disposer } from '../../../electron/core/disposer.ts';

describe('Disposer', () => {
  it('disposes the newest first, waits for each, and does it once', async () => {
    const disposer = new Disposer();
    const order: string[] = [];
    disposer.add(() => order.push('first'));
    const second = disposer.use({
      async dispose() {
        await Promise.resolve();
        order.push('second');
      },
    });
    await disposer.dispose();
    await disposer.dispose();
    expect(order).toEqual(['second', 'first']);
    expect(second).toHaveProperty('dispose');
  });

  it('goes on after a failure and reports the first one', async () => {
    const disposer = new Disposer();
    let isDisposed = false;
    disposer.add(() => {
      isDisposed = true;
    });
    disposer.add(() => Promise.reject(new Error('second failure')));
    disposer.add(() => {
      throw new Error('first failure');
    });
    await expect(disposer.dispose()).rejects.toThrow('first failure');
    expect(isDisposed).toBe(true);
  });
});
