import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { systemClock } from '../../electron/core/clock.ts';
import { openStorage } from '../../electron/core/storage/storage.ts';
import { Transfers } from '../../electron/core/transfers/transfers.ts';
import { requests } from '../../electron/shared/contract/transfers.ts';
import { isTransferOver, type Transfer } from '../../electron/shared/transfers.ts';
import { FileClusters } from './file-cluster.ts';
import { quietLogger } from './quiet-logger.ts';

/** Transfers between a folder `here` and a cluster whose home is the folder `home`. */
export class TransferDesk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tunel-transfers-'));
  readonly clusters = new FileClusters({ hpc: join(this.#folder, 'home') });
  readonly storage = openStorage(join(this.#folder, 'data'), systemClock);
  transfers: Transfers;

  constructor() {
    for (const name of ['here', 'home']) mkdirSync(join(this.#folder, name));
    this.transfers = this.#open();
  }

  #open(): Transfers {
    return new Transfers({
      data: join(this.#folder, 'data'),
      connections: this.clusters.connections,
      storage: this.storage,
      checkCluster: () => undefined,
      clock: systemClock,
      logger: quietLogger,
    });
  }

  here(name = ''): string {
    return join(this.#folder, 'here', name);
  }

  home(name = ''): string {
    return join(this.#folder, 'home', name);
  }

  /** The folder of a transfer's list and journal. */
  journal(id: string): string {
    return join(this.#folder, 'data/transfers', id);
  }

  start(input: Record<string, unknown>): Transfer {
    const defaults = { direction: 'upload', clusterId: 'hpc', destination: '~' };
    return this.transfers.start(requests['transfers.start'].input.parse({ ...defaults, ...input }));
  }

  over(id: string): Promise<Transfer> {
    return this.until(id, isTransferOver);
  }

  until(id: string, isWanted: (transfer: Transfer) => boolean): Promise<Transfer> {
    return vi.waitFor(
      () => {
        const transfer = this.transfers.get(id);
        if (!isWanted(transfer)) throw new Error(JSON.stringify(transfer));
        return transfer;
      },
      { timeout: 30_000, interval: 10 },
    );
  }

  /** Another engine with the same data. */
  async restart(): Promise<void> {
    await this.transfers.dispose();
    this.transfers = this.#open();
  }

  async dispose(): Promise<void> {
    await this.transfers.dispose();
    this.clusters.disconnect();
    await this.storage.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function writeTo(path: string, content: string | Uint8Array = path): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}
