#!/usr/bin/env node
import { allowClosedPipe, main } from "../dist/main.js";

allowClosedPipe();
process.exitCode = await main(process.argv.slice(2));
