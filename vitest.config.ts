import { defineConfig } from "vitest/config";
import { TallyReporter } from "./scripts/tally-reporter.mjs";

export default defineConfig({
  test: {
    projects: ["packages/*"],
    reporters: ["default", new TallyReporter()],
  },
});
