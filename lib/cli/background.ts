import { spawn } from 'node:child_process';

/** Starts the program that is in a file, as this process was started; it goes on when this one has ended. */
export function inBackground(file: string): (args: readonly string[]) => void {
  return (args) => spawn(process.execPath, [...process.execArgv, file, ...args], { detached: true, stdio: 'ignore' }).unref();
}
