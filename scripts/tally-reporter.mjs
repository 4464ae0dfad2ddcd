/** Ends the output of the tests with one plain line, "N passed, N failed", for people and programs that read only the end. */
export class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      let own = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") {
          failed += 1;
          own += 1;
        } else skipped += 1;
      }
      // A file that could not be loaded, or whose set-up failed, has no failed test to count
      if (own === 0 && module.state() === "failed") failed += 1;
    }
    if (skipped > 0) console.log(`${skipped} skipped: what they need is not here (their titles say what)`);
    console.log(`${passed} passed, ${failed} failed`);
  }
}
