import { writeFileSync } from 'node:fs';

/** @param {readonly { message?: string, diff?: string }[]} errors */
const words = (errors) => errors.map((error) => [error.message ?? error, error.diff].filter(Boolean).join('\n'));

/**
 * Writes what `countVitest` reads, into the file that TUNEL_TEST_REPORT names. Vitest's own JSON report leaves out why a
 * hook inside a `describe` failed, and errors that no test caught.
 */
export default class Report {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message?: string, diff?: string }[]} uncaught
   */
  onTestRunEnd(modules, uncaught) {
    const files = modules.map((module) => ({
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
    }));
    writeFileSync(process.env.TUNEL_TEST_REPORT, JSON.stringify({ files, uncaught: words(uncaught) }));
  }
}
