#!/usr/bin/env node
import { main } from '../lib/cli/main';

void main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  environment: process.env,
  folder: process.cwd(),
}).then((status) => {
  process.exitCode = status;
});
