#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { main } from '../lib/cli/main';
import { wayToCall } from '../lib/cli/own-package';

void main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  in: process.stdin,
  environment: process.env,
  folder: process.cwd(),
  program: wayToCall(__filename),
  background: (args) => spawn(process.execPath, [...process.execArgv, __filename, ...args], { detached: true, stdio: 'ignore' }).unref(),
}).then((status) => {
  process.exitCode = status;
});
