import { renameSync, writeFileSync } from 'node:fs';

/** @param {readonly { message?: string, diff?: string }[]} errors */
const words = (errors) => errors.map((error) => [error.message ?? error, error.diff].filter(Boolean).join('\n'));

/** @param {import('vitest/node').TestModule} module */
const describeFile = (module) => ({
  name: module.relativeModuleId,
  milliseconds: module.diagnostic().duration,
  tests: [...module.children.allTests()].map((test) => {
    const { state, errors = [] } = test.result();
    return { name: test.fullName, state, errors: words(errors) };
  }),
  suites: [module, ...module.children.allSuites()].map((suite) => ({
    name: suite.type === 'suite' ? suite.fullName : '',
    errors: words(suite.errors()),
  })),
});

/**
 * Writes what `countVitest` reads, into the file that TUNEL_TEST_REPORT names. Vitest's own JSON report leaves out why a
 * hook inside a `describe` failed, and errors that no test caught. It is written after each file, since a run that is stopped at
 * its time limit must say what had failed and which files had not ended.
 */
export default class Report {
  #files = [];
  /** @type {Map<string, string>} names by module id */
  #unfinished = new Map();

  /** @param {readonly import('vitest/node').TestSpecification[]} specifications */
  onTestRunStart(specifications) {
    for (const { moduleId, project } of specifications)
      this.#unfinished.set(moduleId, moduleId.replace(`${project.config.root}/`, ''));
    this.#write([]);
  }

  /** @param {import('vitest/node').TestModule} module */
  onTestModuleEnd(module) {
    this.#unfinished.delete(module.moduleId);
    this.#files.push(describeFile(module));
    this.#write([]);
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message?: string, diff?: string }[]} uncaught
   */
  onTestRunEnd(modules, uncaught) {
    this.#files = modules.map(describeFile);
    for (const { moduleId } of modules) this.#unfinished.delete(moduleId);
    this.#write(words(uncaught));
  }

  #write(uncaught) {
    const file = process.env.TUNEL_TEST_REPORT;
    const report = { files: this.#files, uncaught, unfinished: [...this.#unfinished.values()] };
    writeFileSync(`${file}.part`, JSON.stringify(report));
    renameSync(`${file}.part`, file);
  }
}
