#!/usr/bin/env node
import { inBackground } from '../lib/cli/background';
import { main } from '../lib/cli/main';
import { wayToCall } from '../lib/cli/own-package';

void main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  in: process.stdin,
  environment: process.env,
  folder: process.cwd(),
  program: wayToCall(__filename),
  background: inBackground(__filename),
}).then((status) => {
  process.exitCode = status;
});
