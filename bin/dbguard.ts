#!/usr/bin/env node
import { main } from '../lib/cli/main';
import { wayToCall } from '../lib/cli/own-package';

void main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  environment: process.env,
  folder: process.cwd(),
  program: wayToCall(__filename),
}).then((status) => {
  process.exitCode = status;
});
