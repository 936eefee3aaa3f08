import { describe, expect, it, vi } from 'vitest';
import { isWindowTheLimit } from '../../../electron/core/ssh/sftp/lane-policy.ts';
import { LaneWriter } from '../../../electron/core/ssh/sftp/lane-writer.ts';

const MIB = 1024 * 1024;
const ROUND_TRIP = 80;

/** One channel of a server that acknowledges when the test says so. */
class FakeLane {
  readonly writeSize = MIB;
  readonly positions: number[] = [];
  readonly endChannel = vi.fn();
  #unanswered: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #isDead = false;

  writeAt(_bytes: Buffer, position: number): Promise<void> {
    if (this.#isDead) return Promise.reject(new Error('The sftp channel was closed.'));
    this.positions.push(position);
    return new Promise((resolve, reject) => this.#unanswered.push({ resolve, reject }));
  }

  get underWay(): number {
    return this.#unanswered.length;
  }

  acknowledge(): void {
    for (const { resolve } of this.#unanswered.splice(0)) resolve();
  }

  /** As ssh2 fails what it has asked on a channel that was closed. */
  die(error = new Error('No response from server')): void {
    this.#isDead = true;
    for (const { reject } of this.#unanswered.splice(0)) reject(error);
  }
}

function rig({
  canOpen = true,
  roundTripMs = ROUND_TRIP as number | null,
  onWritten = (_end: number): void => undefined,
} = {}) {
  const lanes: FakeLane[] = [new FakeLane()];
  const opening: ((lane: FakeLane | null) => void)[] = [];
  let now = 0;
  const open = () => new Promise<FakeLane | null>((resolve) => opening.push(resolve));
  const [first = new FakeLane()] = lanes;
  const writer = new LaneWriter(first, { open, now: () => now, roundTripMs: () => roundTripMs, onWritten });
  const settle = () => new Promise(setImmediate);
  return {
    lanes,
    opening,
    writer,
    settle,
    async finishOpening() {
      for (const resolve of opening.splice(0)) {
        const lane = canOpen ? new FakeLane() : null;
        if (lane) lanes.push(lane);
        resolve(lane);
      }
      await settle();
    },
    /** `ms` pass, and all that is under way is acknowledged. */
    async answerAfter(ms: number) {
      now += ms;
      for (const lane of lanes) lane.acknowledge();
      await settle();
    },
  };
}

type FarRig = ReturnType<typeof rig>;

/** Until the writer is done, a round trip at a time. */
async function finish({ answerAfter, writer }: FarRig, writing: Promise<void>, ms = ROUND_TRIP): Promise<void> {
  let isOver = false;
  const ended = writing.then(() => writer.end()).then(() => (isOver = true));
  while (!isOver) await answerAfter(ms);
  await ended;
}

const allPositions = (lanes: readonly FakeLane[]) => lanes.flatMap(({ positions }) => positions).sort((a, b) => a - b);
const every = (mib: number) => Array.from({ length: mib }, (_, at) => at * MIB);

describe('a file over several channels', () => {
  it('is written over seven where their windows are what limits it', async () => {
    const far = rig();
    const writing = far.writer.write(Buffer.alloc(60 * MIB));
    await far.settle();
    expect(far.opening).toHaveLength(6);
    await far.finishOpening();
    expect(far.lanes.map(({ underWay }) => underWay)).toEqual([3, 3, 3, 3, 3, 3, 3]);
    await finish(far, writing);
    expect(allPositions(far.lanes)).toEqual(every(60));
    for (const lane of far.lanes.slice(1)) expect(lane.endChannel).toHaveBeenCalledOnce();
    expect(far.lanes[0]?.endChannel).not.toHaveBeenCalled();
  });

  it('has less under way to a server that is near, on one', async () => {
    const near = rig({ roundTripMs: 0.3 });
    const writing = near.writer.write(Buffer.alloc(20 * MIB));
    await near.settle();
    expect([near.opening.length, near.lanes.map(({ underWay }) => underWay)]).toEqual([0, [1]]);
    await finish(near, writing, 1);
    expect(near.lanes[0]?.positions).toEqual(every(20));
  });

  it('begins with little where it is not known how far the server is, and takes more once answers tell', async () => {
    const unknown = rig({ roundTripMs: null });
    const writing = unknown.writer.write(Buffer.alloc(60 * MIB));
    await unknown.settle();
    expect([unknown.opening.length, unknown.lanes.map(({ underWay }) => underWay)]).toEqual([0, [1]]);
    await unknown.answerAfter(ROUND_TRIP);
    expect(unknown.opening).toHaveLength(6);
    await unknown.finishOpening();
    await finish(unknown, writing);
    expect(allPositions(unknown.lanes)).toEqual(every(60));
  });

  it('stays on one where the line is what limits it', async () => {
    const far = rig();
    const writing = far.writer.write(Buffer.alloc(40 * MIB));
    await far.settle();
    await far.answerAfter(ROUND_TRIP * 4);
    await far.finishOpening();
    await finish(far, writing, ROUND_TRIP * 4);
    expect(far.lanes.filter(({ positions }) => positions.length > 0)).toHaveLength(1);
  });

  it('goes on over those it has where the server gives no more', async () => {
    const far = rig({ canOpen: false });
    const writing = far.writer.write(Buffer.alloc(20 * MIB));
    await far.settle();
    await far.finishOpening();
    await finish(far, writing);
    expect(allPositions(far.lanes)).toEqual(every(20));
  });
});

describe('a channel that dies', () => {
  const written: number[] = [];
  const begun = async () => {
    written.length = 0;
    const far = rig({ onWritten: (end) => written.push(end) });
    const writing = far.writer.write(Buffer.alloc(60 * MIB));
    await far.settle();
    await far.finishOpening();
    return { far, writing };
  };

  it.each(['early', 'after all bytes were given'])('leaves its bytes to the others (%s)', async (when) => {
    const { far, writing } = await begun();
    if (when !== 'early') {
      while (far.lanes.reduce((sum, { positions }) => sum + positions.length, 0) < 60)
        await far.answerAfter(ROUND_TRIP);
    }
    const [, dead] = far.lanes;
    const lost = dead?.positions.slice(-dead.underWay) ?? [];
    expect(lost.length).toBeGreaterThan(0);
    dead?.die();
    await finish(far, writing);
    expect([...new Set(allPositions(far.lanes))]).toEqual(every(60));
    for (const position of lost) {
      expect(far.lanes.filter((lane) => lane !== dead && lane.positions.includes(position))).toHaveLength(1);
    }
    expect(written.at(-1)).toBe(60 * MIB);
    expect(written).toEqual([...written].sort((one, other) => one - other));
  });

  it('ends the upload where it is the first one, or where the server says why', async () => {
    for (const [at, error] of [
      [0, undefined],
      [1, Object.assign(new Error('Failure'), { code: 4 })],
    ] as const) {
      const { far, writing } = await begun();
      const failed = expect(writing).rejects.toThrow(error?.message ?? 'No response');
      far.lanes[at]?.die(error);
      await failed;
      far.writer.close();
    }
  });
});

describe('a channel that is given back', () => {
  it('ends when what was under way on it is acknowledged, and not before; the others write the rest', async () => {
    const far = rig();
    const writing = far.writer.write(Buffer.alloc(60 * MIB));
    await far.settle();
    await far.finishOpening();
    expect(far.writer.endOne()).toBe(true);
    const ended = () => far.lanes.filter(({ endChannel }) => endChannel.mock.calls.length > 0);
    expect(ended()).toHaveLength(0);
    await far.answerAfter(ROUND_TRIP);
    expect(ended()).toHaveLength(1);
    expect(ended()[0]?.positions).toHaveLength(3);
    await finish(far, writing);
    expect(allPositions(far.lanes)).toEqual(every(60));
    expect(far.opening).toHaveLength(0);
  });

  it('ends at once where nothing is under way on it', async () => {
    const far = rig();
    far.writer.openMore();
    await far.finishOpening();
    expect(far.writer.endOne()).toBe(true);
    expect(far.lanes.filter(({ endChannel }) => endChannel.mock.calls.length > 0)).toHaveLength(1);
    far.writer.close();
  });

  it('can be one that is still being opened; the first one stays', async () => {
    const far = rig();
    far.writer.openMore();
    expect(Array.from({ length: 7 }, () => far.writer.endOne())).toEqual([true, true, true, true, true, true, false]);
    await far.finishOpening();
    expect(far.lanes.map(({ endChannel }) => endChannel.mock.calls.length)).toEqual([0, 1, 1, 1, 1, 1, 1]);
    await finish(far, far.writer.write(Buffer.alloc(9 * MIB)));
    expect(far.lanes[0]?.positions).toEqual(every(9));
  });

  it('is waited for at the end of the file', async () => {
    const far = rig();
    const writing = far.writer.write(Buffer.alloc(9 * MIB));
    await far.settle();
    await far.finishOpening();
    await writing;
    expect(far.writer.endOne()).toBe(true);
    const over = vi.fn();
    const ended = far.writer.end().then(over);
    for (const lane of far.lanes.filter(({ underWay }) => underWay > 0).slice(0, -1)) lane.acknowledge();
    await far.settle();
    expect(over).not.toHaveBeenCalled();
    await far.answerAfter(ROUND_TRIP);
    await ended;
  });
});

it('the end of an upload does not wait for channels that are still being opened, and closes them when they are', async () => {
  const far = rig();
  const writing = far.writer.write(Buffer.alloc(16 * MIB));
  await finish(far, writing);
  expect(far.opening).not.toHaveLength(0);
  await far.finishOpening();
  for (const late of far.lanes.slice(1)) expect(late.endChannel).toHaveBeenCalledOnce();
});

it.each([
  [0, true],
  [ROUND_TRIP * 1.6, true],
  [ROUND_TRIP * 3, false],
  [2500, false],
])('an answer after %i ms at 80 ms: another channel helps: %s', (answerMs, helps) => {
  expect(isWindowTheLimit(answerMs, ROUND_TRIP)).toBe(helps);
});
