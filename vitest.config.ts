import { defineConfig } from "vitest/config";
import { TallyReporter } from "./scripts/tally-reporter.mjs";

export default defineConfig({
  test: {
    projects: ["packages/*"],
    // All processors; by default one is left idle, of two half of them
    maxWorkers: "100%",
    reporters: ["default", new TallyReporter()],
  },
});
