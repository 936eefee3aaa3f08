// Loaded before an app's own code: an ES module at the start would leave the inspector without `require`. Outcomes are asked
// for, since the inspector forgets promises that V8 collects.
const outcomes = new Map();
globalThis.bench = {
  run(id, act) {
    act(require).then(
      (value) => outcomes.set(id, { value }),
      (error) => outcomes.set(id, { error: String(error?.stack ?? error) }),
    );
  },
  take(id) {
    const outcome = outcomes.get(id) ?? null;
    outcomes.delete(id);
    return outcome;
  },
};
